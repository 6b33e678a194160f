import type { ReactNode } from 'react';
import { ApiError } from '../api/api-error';
import { useReachable } from '../api/reachable';
import { Button } from './button';

/** A message inside a page: what happened, and what to do. */
export function Notice({ kind, children }: { kind?: 'error' | 'warning'; children: ReactNode }) {
  return (
    <div className={`notice ${kind ?? ''}`} role={kind === 'error' ? 'alert' : 'status'}>
      {children}
    </div>
  );
}

/**
 * An error of a request, with what to do about it and a button that asks again. While the server does not answer, a line
 * below the header says so, once for all parts of the page: see app.tsx.
 */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const isOffline = error instanceof ApiError && error.code === 'OFFLINE';
  const isSaid = !useReachable() && isOffline;
  const message = error instanceof Error ? error.message : String(error);
  return (
    <Notice {...(!isSaid && { kind: 'error' })}>
      <p>
        {isSaid ? 'No answer.' : message}{' '}
        {error instanceof ApiError && !isOffline && <code>{error.code}</code>}
      </p>
      {onRetry && <Button onPress={onRetry}>Try again</Button>}
    </Notice>
  );
}
