/** An entry as the feed sends it. */
export interface LiveEntry {
  readonly id: string;
  readonly time: string;
  readonly type: string;
  readonly properties: Record<string, unknown>;
  readonly userId: string;
  readonly sessionId: string;
  readonly receivedAt: string;
}

/** A user or a session that was erased. */
export interface LiveErasure {
  readonly userId: string;
  /** Null: all sessions of the user. */
  readonly sessionId?: string | null;
  readonly erasedAt: string;
}

/** A message of `logRecorded`. */
export interface LiveChanges {
  readonly entries: readonly LiveEntry[];
  readonly erasures: readonly LiveErasure[];
  readonly cursor: string;
  readonly hasMore: boolean;
}

/**
 * A line between rows: `start` between what was there and what came live, `pause` where the reader paused,
 * `reconnect` where the connection was lost. Of each kind only the newest is kept.
 */
export interface Seam {
  readonly id: string;
  readonly seam: 'start' | 'pause' | 'reconnect';
  /** Milliseconds since 1970: when it began. */
  readonly at: number;
}

export type LiveRow = LiveEntry | Seam;

/** Why the list stands still. */
export type PauseReason = 'button' | 'scroll' | 'hover' | 'focus';

export interface LiveSnapshot {
  /** Newest first. */
  readonly rows: readonly LiveRow[];
  /** Entries that came live since the start: exact. */
  readonly received: number;
  /** Of these, entries that are not among `rows`, because there are too many: exact. */
  readonly notDrawn: number;
  /** Entries that wait for the end of the pause: exact. */
  readonly waiting: number;
  readonly pausedBy: readonly PauseReason[];
  /** Whether the server has had more than it could send for a second: the rows are of the past. */
  readonly isBehind: boolean;
  /** `receivedAt` of the newest entry. */
  readonly receivedUpTo: string | undefined;
  /** The entry whose details were open when an erasure took it. */
  readonly erasedId: string | undefined;
}

export type LiveStore = ReturnType<typeof createLiveStore>;

export const isSeam = (row: LiveRow): row is Seam => 'seam' in row;

/** How long the server must have more to send until the page says that it is behind. */
const behindMs = 1_000;

/**
 * Keeps the newest entries of a feed, and counts all of them. Listeners are called at most once in `intervalMs` for
 * what arrives, and at once for what the reader does.
 */
export function createLiveStore({ maxRows = 2_000, intervalMs = 250, now = Date.now } = {}) {
  const listeners = new Set<() => void>();
  const pausedBy = new Set<PauseReason>();
  let rows: readonly LiveRow[] = [];
  /** What arrived since `rows` were made, oldest first. */
  let pending: LiveRow[] = [];
  /** Entries that came while more than `maxRows` were pending. */
  let overflow = 0;
  let received = 0;
  /** Live entries that an erasure took from `rows` or `pending`. */
  let erased = 0;
  /** Ids that came live until the earlier entries are known. */
  let liveIds: Set<string> | undefined = new Set();
  /** Ids of rows that were there before. */
  const earlierIds = new Set<string>();
  /** Erasures until the earlier entries are known. */
  let pastErasures: LiveErasure[] = [];
  let pausedAt = 0;
  let moreSince: number | undefined;
  let receivedUpTo: string | undefined;
  let opened: LiveEntry | undefined;
  let erasedId: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let snapshot = takeSnapshot();

  function takeSnapshot(): LiveSnapshot {
    const waiting = overflow + pending.filter((row) => !isSeam(row)).length;
    const drawn = rows.filter((row) => !isSeam(row) && !earlierIds.has(row.id)).length;
    return {
      rows,
      received,
      notDrawn: received - erased - drawn - waiting,
      waiting,
      pausedBy: [...pausedBy],
      isBehind: moreSince !== undefined && now() - moreSince >= behindMs,
      receivedUpTo,
      erasedId,
    };
  }

  /** Moves what is pending on top of the rows. */
  function draw(): void {
    if (pending.length === 0) return;
    const renewed = new Set(pending.filter(isSeam).map(({ id }) => id));
    const kept = renewed.size === 0 ? rows : rows.filter(({ id }) => !renewed.has(id));
    rows = [...pending.reverse(), ...kept].slice(0, maxRows);
    pending = [];
    overflow = 0;
  }

  function publish(): void {
    clearTimeout(timer);
    timer = undefined;
    if (pausedBy.size === 0) draw();
    snapshot = takeSnapshot();
    for (const listener of listeners) listener();
  }

  function publishSoon(): void {
    timer ??= setTimeout(publish, intervalMs);
  }

  function erase(erasures: readonly LiveErasure[]): void {
    if (erasures.length === 0) return;
    const isErased = (row: LiveRow): boolean =>
      !isSeam(row) && erasures.some((erasure) => hits(erasure, row));
    const gone = [...rows, ...pending].filter(isErased);
    erased += gone.filter(({ id }) => !earlierIds.has(id)).length;
    rows = rows.filter((row) => !isErased(row));
    const [top] = rows;
    if (top && isSeam(top) && top.seam === 'pause') rows = rows.slice(1);
    pending = pending.filter((row) => !isErased(row));
    if (opened && isErased(opened)) erasedId = opened.id;
    if (liveIds) pastErasures.push(...erasures);
  }

  /** A row that was there before has come live, too: it was recorded after the feed's first cursor. */
  function takeBack(entries: readonly LiveEntry[]): void {
    const doubles = new Set(entries.filter(({ id }) => earlierIds.delete(id)).map(({ id }) => id));
    if (doubles.size > 0) rows = rows.filter(({ id }) => !doubles.has(id));
  }

  return {
    subscribe(this: void, listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    getSnapshot(this: void): LiveSnapshot {
      return snapshot;
    },

    /** Takes a message: its entries, then its erasures. */
    add({ entries, erasures, hasMore }: LiveChanges): void {
      if (rows.length === 0 && received === 0) rows = [seam('start', now())];
      received += entries.length;
      if (earlierIds.size > 0) takeBack(entries);
      for (const entry of entries) {
        pending.push(entry);
        liveIds?.add(entry.id);
      }
      if (pending.length > 2 * maxRows) {
        const dropped = pending.splice(0, pending.length - maxRows);
        overflow += dropped.filter((row) => !isSeam(row)).length;
      }
      receivedUpTo = entries.at(-1)?.receivedAt ?? receivedUpTo;
      moreSince = hasMore ? (moreSince ?? now()) : undefined;
      erase(erasures);
      publishSoon();
    },

    /** Puts entries that were recorded before below the seam. They were read after the first message came. */
    addEarlier(entries: readonly LiveEntry[]): void {
      const isErased = (entry: LiveEntry): boolean =>
        pastErasures.some(
          (erasure) => hits(erasure, entry) && Date.parse(entry.receivedAt) <= Date.parse(erasure.erasedAt),
        );
      const earlier = entries.filter((entry) => !liveIds?.has(entry.id) && !isErased(entry));
      liveIds = undefined;
      pastErasures = [];
      const room = Math.max(0, maxRows - rows.length);
      for (const { id } of earlier.slice(0, room)) earlierIds.add(id);
      rows = [...rows, ...earlier.slice(0, room)];
      publishSoon();
    },

    /** Marks where the connection was lost. */
    markReconnect(lostAt: number): void {
      pending = pending.filter((row) => !isSeam(row) || row.seam !== 'reconnect');
      pending.push(seam('reconnect', lostAt));
      publishSoon();
    },

    pause(reason: PauseReason): void {
      if (pausedBy.has(reason)) return;
      // What has arrived is drawn before the list stands still, so that the seam is where the reader paused.
      if (pausedBy.size === 0) draw();
      pausedBy.add(reason);
      if (pausedBy.size === 1) pausedAt = now();
      publish();
    },

    /** Ends one reason, or all of them: the list goes on when there is none. */
    resume(...reasons: readonly PauseReason[]): void {
      const ended = reasons.length === 0 ? [...pausedBy] : reasons.filter((reason) => pausedBy.has(reason));
      if (ended.length === 0) return;
      for (const reason of ended) pausedBy.delete(reason);
      if (pausedBy.size === 0 && pending.some((row) => !isSeam(row)))
        pending.unshift(seam('pause', pausedAt));
      publish();
    },

    /** Tells whose details are open: `erasedId` says when it is erased, also if it is not among the rows any more. */
    open(entry: LiveEntry): void {
      opened = entry;
    },

    stop(): void {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

function hits({ userId, sessionId }: LiveErasure, entry: LiveEntry): boolean {
  return userId === entry.userId && (sessionId ?? entry.sessionId) === entry.sessionId;
}

function seam(kind: Seam['seam'], at: number): Seam {
  return { id: `seam-${kind}`, seam: kind, at };
}
