import { timeouts } from '../timeouts';
import type { Query } from '../pool';

/** Milliseconds between two looks at the horizon while there are listeners, and while there are none. */
const watchMs = 25;
const idleMs = 1_000;
/** Milliseconds between two samples, and how many are kept. */
const sampleMs = 1_000;
const maxSamples = 1_000;
/** Seconds after which an open transaction is reported. */
const warnSeconds = 5;

/** Ids of transactions: all before `xmin` have ended, and `xmax` has not begun. */
interface Snapshot {
  readonly epoch: string;
  readonly xmin: string;
  readonly xmax: string;
}

const askSnapshot: Query = {
  sql: `SELECT epoch, pg_snapshot_xmin(snapshot)::text AS xmin, pg_snapshot_xmax(snapshot)::text AS xmax
    FROM feed, pg_current_snapshot() AS snapshot`,
  answerMs: timeouts.probeMs,
  retries: 0,
};

/** Every role may read these columns of other roles' transactions; only `state` needs pg_read_all_stats. */
const findTransaction = (xid: string): Query => ({
  sql: `SELECT concat_ws(', ', 'pid ' || pid, 'user ' || usename, 'application ' || nullif(application_name, ''),
      'database ' || datname, state) AS transaction
    FROM pg_stat_activity WHERE backend_xid = $1::xid8::xid
    UNION ALL SELECT concat_ws(', ', 'prepared as ' || gid, 'user ' || owner, 'database ' || database)
    FROM pg_prepared_xacts WHERE transaction = $1::xid8::xid`,
  values: [xid],
  answerMs: timeouts.probeMs,
  retries: 0,
});

export interface HorizonOptions {
  /** Executes a statement on the primary, on a connection that no expensive read can take. */
  readonly read: <Row>(query: Query) => Promise<Row[]>;
  /** Called once for each transaction that keeps later commits out of the feed for 5 s. */
  readonly onWarning: (error: unknown, message: string) => void;
}

/**
 * Watches the horizon: transactions before it have ended, so that no commit can get before theirs. A transaction that
 * stays open, also of another database of the cluster, holds it back.
 */
export function createHorizon({ read, onWarning }: HorizonOptions) {
  const listeners = new Set<() => void>();
  /** Times at which transactions from the horizon on had begun already, the oldest first. */
  let samples: { readonly at: number; readonly xmax: bigint }[] = [];
  let last: (Snapshot & { readonly at: number }) | undefined;
  let warnedOf: string | undefined;
  let hasNewListener = false;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let polling: Promise<void> | undefined;

  function lagSeconds(): number {
    return last && samples[0] ? (last.at - samples[0].at) / 1_000 : 0;
  }

  function sample({ xmin, xmax }: Snapshot, at: number): void {
    const horizon = BigInt(xmin);
    samples = samples.filter((known) => known.xmax > horizon);
    if (xmax === xmin || at - (samples.at(-1)?.at ?? -Infinity) < sampleMs) return;
    samples.push({ at, xmax: BigInt(xmax) });
    if (samples.length > maxSamples) samples = samples.filter((_sample, index) => index % 2 === 0);
  }

  async function warn(xid: string): Promise<void> {
    warnedOf = xid;
    const seconds = Math.round(lagSeconds());
    const rows = await read<{ transaction: string }>(findTransaction(xid)).catch(() => []);
    const transaction = rows[0]?.transaction ?? 'not shown to this user';
    onWarning(
      new Error(`Transaction ${xid} has been open for ${seconds} s: ${transaction}.`),
      'the feed waits for an open transaction',
    );
  }

  async function poll(): Promise<void> {
    const at = performance.now();
    const [snapshot] = await read<Snapshot>(askSnapshot);
    const isNew = hasNewListener || snapshot!.xmin !== last?.xmin || snapshot!.epoch !== last.epoch;
    hasNewListener = false;
    sample(snapshot!, at);
    last = { ...snapshot!, at };
    if (isNew) for (const listener of listeners) listener();
    if (lagSeconds() >= warnSeconds && warnedOf !== snapshot!.xmin) await warn(snapshot!.xmin);
  }

  function schedule(waitMs: number): void {
    clearTimeout(timer);
    if (isClosed) return;
    timer = setTimeout(() => {
      // Health reports a database that does not answer.
      polling ??= poll()
        .then(
          () => true,
          () => false,
        )
        .then((isUp) => {
          polling = undefined;
          schedule(isUp && listeners.size > 0 ? watchMs : idleMs);
        });
    }, waitMs);
  }
  schedule(0);

  return {
    lagSeconds,

    watch: (onChange: () => void): (() => void) => {
      const listener = (): void => onChange();
      listeners.add(listener);
      hasNewListener = true;
      if (!polling) schedule(0);
      return () => void listeners.delete(listener);
    },

    async close(): Promise<void> {
      isClosed = true;
      clearTimeout(timer);
      await polling;
    },
  };
}
