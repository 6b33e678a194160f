import { comparePositions, type ChangeStore } from '../change-store';
import { errorCodes } from '../model/error-codes';
import { LogManagerError, RequestGoneError, SubscriberTooSlowError } from '../model/errors';
import type { QueryContext } from '../model/read-context';
import { createBackOff } from './back-off';
import type { FeedPlace } from './cursor';
import type { Hub } from './hub';
import { createLivePages } from './live-pages';
import { toEmptyPage, toLivePage, toStoredPage, type ChangesPage } from './page';
import { readChanges, type FeedRequest } from './request';

/** Maximum entries and bytes of a page. */
export const messageBounds = { first: 1_000, maxBytes: 262_144 };
/** Least and greatest time between two pages. */
const minGapMs = 25;
const maxGapMs = 10_000;
/** A subscription whose page was not followed by a pull for this long is ended. */
const maxIdleMs = 30_000;

/**
 * A subscription to the feed. Each page is made when it is pulled, so that a subscription that is not pulled holds one
 * page at most. `next` rejects once with the error that ends the subscription.
 */
export interface Subscriber extends AsyncIterableIterator<ChangesPage, undefined> {
  /** Settles when the server has ended the subscription, though its pages may not be pulled any more. */
  readonly ended: Promise<void>;
  /** That of the last page; undefined before the first one. */
  readonly cursor: string | undefined;
  next(): Promise<IteratorResult<ChangesPage, undefined>>;
  /** Ends the subscription for its consumer. */
  return(): Promise<IteratorResult<ChangesPage, undefined>>;
  /** Ends the subscription for the server. */
  end(toError: (cursor: string) => Error): void;
}

export interface SubscriberOptions {
  readonly store: ChangeStore;
  readonly hub: Hub;
  readonly request: FeedRequest;
  /** The first page, and where it ends. */
  readonly first: ChangesPage;
  readonly place: FeedPlace;
  readonly client: NonNullable<QueryContext['client']>;
  readonly onPage: (page: ChangesPage) => void;
  readonly onTooSlow: () => void;
  readonly onEnd: () => void;
}

/** Creates a subscription. Its first page can be pulled at once. */
export function createSubscriber(options: SubscriberOptions): Subscriber {
  const { store, hub, request, first, client } = options;
  const { cursors, columns } = request;
  let { place } = options;
  /** Whether `place` is where a page of the database ended. */
  let isOfStore = true;
  /** Whether the database has more after `place`. */
  let { hasMore } = first;
  let unsent: ChangesPage | undefined = first;
  let cursor: string | undefined;
  let sentAt = -Infinity;
  let retryAt = 0;
  let isOver = false;
  let error: Error | undefined;
  let idleTimer: NodeJS.Timeout | undefined;
  let pulled: Promise<unknown> = Promise.resolve();
  let wake = (): void => {};
  let settle!: () => void;
  const ended = new Promise<void>((resolve) => (settle = resolve));
  const backOff = createBackOff();
  const collect = createLivePages(request, messageBounds);

  function finish(): void {
    if (isOver) return;
    isOver = true;
    clearTimeout(idleTimer);
    options.onEnd();
    wake();
  }

  function end(toError: (cursor: string) => Error): void {
    if (isOver) return;
    error = toError(cursor ?? cursors.encode(place));
    finish();
    settle();
  }

  /** Settles after a time, or when there may be something new. */
  function pause(ms: number): Promise<undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), ms);
      wake = () => {
        clearTimeout(timer);
        resolve(undefined);
      };
    });
  }

  /** The page that can be sent now, if there is one; else waits for a while. */
  async function tryNext(): Promise<ChangesPage | undefined> {
    const now = performance.now();
    if (now < sentAt + minGapMs) return pause(sentAt + minGapMs - now);
    if (unsent) return unsent;
    const batches = hub.after(place, isOfStore);
    const live = batches && collect(batches, place);
    if (live && comparePositions(live.to, place.position) > 0) {
      place = { epoch: place.epoch, position: live.to };
      isOfStore = false;
      if (live.entryCount + live.erasures.length > 0) return toLivePage(live, cursors.encode(place));
    }
    const dueAt = sentAt + maxGapMs;
    if (now >= dueAt) return toEmptyPage(cursors.encode(place), !batches && hasMore);
    // The hub is starting, or fails: the database has nothing more that is known of.
    if (batches || (!hasMore && !hub.end())) return pause(dueAt - now);
    if (now < retryAt) return pause(Math.min(retryAt, dueAt) - now);
    return readStored();
  }

  /** A page of the database; undefined if nothing on it matches, and after an error that may pass. */
  async function readStored(): Promise<ChangesPage | undefined> {
    const readByHub = hub.end();
    try {
      const mustBeLatest = !hasMore;
      const changes = await readChanges(store, request, place, messageBounds, {
        mustBeLatest,
        client,
        check,
      });
      backOff.reset();
      const { epoch, end: position } = changes;
      place = { epoch, position };
      isOfStore = true;
      hasMore = changes.hasMore;
      const page = toStoredPage(changes, cursors.encode(place), columns);
      // Nothing that the hub had read before is left.
      const isBehind = readByHub?.epoch === epoch && comparePositions(readByHub.position, position) > 0;
      if (mustBeLatest && !hasMore && isBehind) place = readByHub;
      return page.entryCount + page.erasures.length > 0 ? page : undefined;
    } catch (thrown) {
      if (!mayPass(thrown)) throw thrown;
      retryAt = performance.now() + backOff.next();
      return undefined;
    }
  }

  function check(): void {
    if (isOver) throw new RequestGoneError();
  }

  async function pull(): Promise<IteratorResult<ChangesPage, undefined>> {
    clearTimeout(idleTimer);
    const leave = hub.join(() => wake());
    try {
      while (!isOver) {
        const page = await tryNext();
        // It may have ended meanwhile.
        if (!page || isOver) continue;
        unsent = undefined;
        ({ cursor } = page);
        sentAt = performance.now();
        idleTimer = setTimeout(endIdle, maxIdleMs);
        options.onPage(page);
        return { done: false, value: page };
      }
    } catch (thrown) {
      finish();
      throw thrown;
    } finally {
      leave();
    }
    if (!error) return { done: true, value: undefined };
    const thrown = error;
    error = undefined;
    throw thrown;
  }

  function endIdle(): void {
    options.onTooSlow();
    end((last) => new SubscriberTooSlowError(last));
  }

  const subscriber: Subscriber = {
    ended,
    get cursor() {
      return cursor;
    },
    // One at a time, in the order of the calls.
    next() {
      const next = pulled.then(pull, pull);
      pulled = next;
      return next;
    },
    async return() {
      finish();
      return { done: true, value: undefined };
    },
    end,
    [Symbol.asyncIterator]: () => subscriber,
  };
  return subscriber;
}

/** Whether an error of the database may pass: the subscription outlives it. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof LogManagerError)) return false;
  return errorCodes[error.code].retryable || error.code === 'QUERY_TIMEOUT';
}
