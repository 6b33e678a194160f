import { comparePositions, type ChangeStore } from '../change-store';
import { createBackOff } from './back-off';
import type { FeedPlace } from './cursor';
import { LiveBatch } from './live-batch';
import { liveColumns } from './live-entry';
import { RecentBatches } from './recent-batches';

/** Maximum entries and bytes of a read: those of a message, so that subscribers share the bytes of a batch. */
const maxEntries = 1_000;
const maxBytes = 262_144;
const trimEveryMs = 1_000;
/** For so long after the last subscriber has waited, the hub keeps what it has read. */
const keepMs = 1_000;

/** The server itself reads, from the database that is written to. */
const context = { mustBeLatest: true };

/** Reads what is new once for all subscribers of the process that wait for it. */
export type Hub = ReturnType<typeof createHub>;

/**
 * Creates the hub of a process. It reads while a subscriber waits: those that do not take their messages cost no reads.
 * @param onError called with an error of the database, after which the hub tries again
 */
export function createHub(store: ChangeStore, onError: (error: unknown) => void) {
  const listeners = new Set<() => void>();
  const backOff = createBackOff();
  let stopWatching: (() => void) | undefined;
  let stopTimer: NodeJS.Timeout | undefined;
  /** Until where was read. Undefined before the first read. */
  let end: FeedPlace | undefined;
  let recent: RecentBatches | undefined;
  let isDirty = false;
  let isReading = false;

  function start(): void {
    const unwatch = store.watch(onChange);
    const timer = setInterval(() => recent?.trim(), trimEveryMs).unref();
    stopWatching = () => {
      unwatch();
      clearInterval(timer);
    };
    onChange();
  }

  function stop(): void {
    stopWatching?.();
    stopWatching = undefined;
    if (!isReading) reset();
  }

  function reset(): void {
    end = undefined;
    recent?.free();
    recent = undefined;
  }

  function onChange(): void {
    isDirty = true;
    if (!isReading) void readAll();
  }

  async function readAll(): Promise<void> {
    isReading = true;
    while (isDirty && listeners.size > 0) {
      isDirty = false;
      try {
        await readNext();
        backOff.reset();
      } catch (error) {
        if (listeners.size > 0) onError(error);
        isDirty = true;
        await new Promise((resolve) => setTimeout(resolve, backOff.next()).unref());
      }
      for (const listener of [...listeners]) listener();
    }
    isReading = false;
    if (!stopWatching) reset();
  }

  async function readNext(): Promise<void> {
    if (!end) {
      const { epoch, end: position } = await store.findEnd(context);
      end = { epoch, position };
      recent = new RecentBatches(position);
      return;
    }
    const { epoch, position: from } = end;
    const query = { filter: {}, columns: liveColumns, after: from, first: maxEntries, maxBytes };
    const changes = await store.find(query, context);
    if (changes.epoch !== epoch || changes.isFuture) {
      // Subscribers read the database themselves, which refuses their cursors.
      reset();
      isDirty = true;
      return;
    }
    isDirty ||= changes.hasMore;
    if (comparePositions(changes.end, from) <= 0) return;
    recent!.add(new LiveBatch(from, changes));
    end = { epoch, position: changes.end };
  }

  return {
    /**
     * Reads, and calls a listener after each read.
     * @returns ends the calls
     */
    join(listener: () => void): () => void {
      clearTimeout(stopTimer);
      listeners.add(listener);
      if (!stopWatching) start();
      else if (isDirty && !isReading) void readAll();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stopTimer = setTimeout(stop, keepMs).unref();
      };
    },

    /** Ends reading, if no subscriber waits any more. */
    stop,

    /** Until where the hub has read. Undefined while it starts. */
    end: (): FeedPlace | undefined => end,

    /** What the hub has read after a place; see {@link RecentBatches.after}. */
    after({ epoch, position }: FeedPlace, isOfStore: boolean): readonly LiveBatch[] | undefined {
      return end?.epoch === epoch ? recent!.after(position, isOfStore) : undefined;
    },
  };
}
