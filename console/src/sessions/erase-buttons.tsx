import { lazy, Suspense, useState } from 'react';
import { useViewer } from '../api/viewer';
import { Button } from '../design/button';
import './erase.css';

const EraseDialog = lazy(() =>
  import('./erase-dialog').then(({ EraseDialog }) => ({ default: EraseDialog })),
);

/** What is erased: a session, or without `sessionId` all data of a user. */
export interface Erasure {
  readonly userId: string;
  readonly sessionId?: string | undefined;
}

/** Buttons that erase, for a reader who may. Each opens a dialog that asks again. */
export function EraseButtons({ userId, sessionId }: Erasure) {
  const { data: viewer } = useViewer();
  const [erasure, setErasure] = useState<Erasure>();
  if (viewer && !viewer.scopes.includes('ERASE')) return null;
  return (
    // Until it is known whether the reader may, the buttons keep their place, unseen.
    <div className="erase-buttons" data-pending={!viewer || undefined}>
      {sessionId !== undefined && (
        <Button className="erase-button" onPress={() => setErasure({ userId, sessionId })}>
          Erase session…
        </Button>
      )}
      <Button className="erase-button" onPress={() => setErasure({ userId })}>
        Erase all data of the user…
      </Button>
      {erasure && (
        <Suspense fallback={null}>
          <EraseDialog erasure={erasure} onClose={() => setErasure(undefined)} />
        </Suspense>
      )}
    </div>
  );
}
