import type { ChangesPage } from './page';

/**
 * A subscription to the feed. Each page is made when it is pulled, so that an unread subscription keeps one page at
 * most. `next` rejects once with the error that ends the subscription:
 * {@link SubscriberTooSlowError}, {@link ServerStoppingError} or {@link CursorRefusedError}.
 */
export interface Subscriber extends AsyncIterableIterator<ChangesPage, undefined> {
  /** Settles when the server has ended the subscription, though its pages may not be pulled any more. */
  readonly ended: Promise<void>;
  /** Of the last page that was pulled. */
  readonly cursor: string | undefined;
  next(): Promise<IteratorResult<ChangesPage, undefined>>;
  /** Ends the subscription for its consumer. */
  return(): Promise<IteratorResult<ChangesPage, undefined>>;
}
