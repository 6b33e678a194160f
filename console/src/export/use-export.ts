import { useEffect, useRef, useState } from 'react';
import type { LogFilter } from '../gql/graphql';
import { openFile } from './file-sink';
import type { ExportFormat } from './row-counter';
import { runExport, type ExportProgress } from './run-export';

/** Milliseconds between two changes of the progress on the page. */
const progressMs = 100;

export type ExportState =
  | { readonly step: 'ready' | 'cancelled' }
  | ({ readonly step: 'running' | 'complete'; readonly name: string } & ExportProgress)
  | ({ readonly step: 'failed'; readonly error: unknown } & ExportProgress);

/** One export at a time, which ends with its component. */
export function useExport(filter: LogFilter) {
  const [state, setState] = useState<ExportState>({ step: 'ready' });
  const abort = useRef<AbortController>(null);
  useEffect(() => () => abort.current?.abort(), []);

  const start = async (format: ExportFormat): Promise<void> => {
    let progress: ExportProgress = { rows: 0, bytes: 0 };
    const { signal } = (abort.current = new AbortController());
    try {
      const file = await openFile(format);
      if (!file) return;
      const { name } = file;
      setState({ step: 'running', name, ...progress });
      let shownAt = 0;
      const onProgress = (next: ExportProgress): void => {
        progress = next;
        if (performance.now() - shownAt < progressMs) return;
        shownAt = performance.now();
        setState({ step: 'running', name, ...next });
      };
      const result = await runExport({ filter, format }, file, onProgress, signal);
      setState({ step: 'complete', name, ...result });
    } catch (error) {
      setState(signal.aborted ? { step: 'cancelled' } : { step: 'failed', error, ...progress });
    }
  };
  return { state, start, cancel: () => abort.current?.abort() };
}
