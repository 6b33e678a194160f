import type { ReactNode } from 'react';
import { ApiError } from '../api/api-error';
import { Button } from './button';

/** A message inside a page: what happened, and what to do. */
export function Notice({ kind, children }: { kind?: 'error' | 'warning'; children: ReactNode }) {
  return (
    <div className={`notice ${kind ?? ''}`} role={kind === 'error' ? 'alert' : 'status'}>
      {children}
    </div>
  );
}

/** An error of a request, with what to do about it and a button that asks again. */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const message = error instanceof Error ? error.message : String(error);
  return (
    <Notice kind="error">
      <p>
        {message} {error instanceof ApiError && error.code !== 'OFFLINE' && <code>{error.code}</code>}
      </p>
      {onRetry && <Button onPress={onRetry}>Try again</Button>}
    </Notice>
  );
}
