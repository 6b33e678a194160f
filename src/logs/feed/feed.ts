import type { Principal } from '../access/principal';
import type { ChangeStore } from '../change-store';
import { ServerStoppingError, SubscriptionStoppedError } from '../model/errors';
import { limits } from '../model/limits';
import type { ReadContext } from '../model/read-context';
import { IsInteger } from '../validation/numbers';
import { requireValid } from '../validation/validate';
import { createHub } from './hub';
import { toEmptyPage, toStoredPage, type ChangesPage } from './page';
import { readChanges, toFeedRequest, type FeedArguments, type ShownColumns } from './request';
import { createSubscriber, messageBounds, type Subscriber } from './subscriber';

/** Maximum bytes of the entries on a page of `logChanges`. */
const maxPageBytes = 1_000_000;

class PageRules {
  @IsInteger(1, limits.maxPageSize) readonly first!: number;
}

/** What an operator sees of subscriptions. */
export interface FeedObserver {
  /** Called when a subscription has started or ended, with the number of open ones. */
  onSubscribers(count: number): void;
  onMessage(entryCount: number): void;
  onTooSlow(): void;
  /** Called with an error of the database while it is read for all subscribers: it is read again. */
  onError(error: unknown): void;
}

/** The entries in the order of their commits, as pages and live. */
export type Feed = ReturnType<typeof createFeed>;

/** Creates the feed of a database. */
export function createFeed(store: ChangeStore, observer: FeedObserver) {
  const hub = createHub(store, (error) => observer.onError(error));
  const subscribers = new Set<Subscriber>();
  let isStopped = false;

  return {
    /**
     * A page of `logChanges`.
     * @throws {InvalidInputError} listing every violation
     * @throws {CursorRefusedError}
     */
    async read(
      { first, ...args }: FeedArguments & { readonly first: number },
      shown: ShownColumns,
      principal: Principal,
      context: ReadContext,
    ): Promise<ChangesPage> {
      const request = toFeedRequest(args, shown, principal, () => requireValid(PageRules, { first }));
      const bounds = { first, maxBytes: maxPageBytes };
      const changes = await readChanges(store, request, request.after, bounds, context);
      context.admit(changes.objects.byteLength);
      const { epoch, end: position } = changes;
      return toStoredPage(changes, request.cursors.encode({ epoch, position }), request.columns);
    },

    /**
     * A subscription: `logRecorded`. Throws as `read` does.
     * @throws {ServerStoppingError} after `stop`
     */
    async subscribe(
      args: FeedArguments,
      shown: ShownColumns,
      principal: Principal,
      { mustBeLatest, client }: Pick<ReadContext, 'mustBeLatest' | 'client'>,
    ): Promise<Subscriber> {
      const request = toFeedRequest(args, shown, principal);
      const { after, cursors, columns } = request;
      const context = { mustBeLatest, client };
      let start;
      if (after) {
        const changes = await readChanges(store, request, after, messageBounds, context);
        const place = { epoch: changes.epoch, position: changes.end };
        start = { place, first: toStoredPage(changes, cursors.encode(place), columns) };
      } else {
        const { epoch, end: position } = await store.findEnd({ ...context, mustBeLatest: true });
        const place = { epoch, position };
        start = { place, first: toEmptyPage(cursors.encode(place), false) };
      }
      if (isStopped) throw new ServerStoppingError('Subscribe again.');
      const subscriber = createSubscriber({
        ...start,
        store,
        hub,
        request,
        client,
        onPage: ({ entryCount }) => observer.onMessage(entryCount),
        onTooSlow: () => observer.onTooSlow(),
        onEnd() {
          subscribers.delete(subscriber);
          observer.onSubscribers(subscribers.size);
        },
      });
      subscribers.add(subscriber);
      observer.onSubscribers(subscribers.size);
      return subscriber;
    },

    /** Ends all subscriptions, each with an error that has its cursor. */
    stop(): void {
      isStopped = true;
      for (const subscriber of [...subscribers])
        subscriber.end((cursor) => new SubscriptionStoppedError(cursor));
      hub.stop();
    },
  };
}
