import { lazy, Suspense, useState } from 'react';
import { Button } from '../design/button';
import type { LogFilter } from '../gql/graphql';

const ExportDialog = lazy(() =>
  import('./export-dialog').then(({ ExportDialog }) => ({ default: ExportDialog })),
);

/** Opens the dialog that writes the entries of a filter to a file. */
export function ExportButton({ filter }: { filter: LogFilter }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button kind="quiet" onPress={() => setOpen(true)}>
        Export…
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <ExportDialog filter={filter} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
