import { call, type Reply } from './api';
import { sleep, waitUntil } from '../processes/children';
import { sessionOf } from './sessions';

/** What a client knows of a session that it has sent: that it is stored, that it is not, or neither. */
export type Outcome = 'acknowledged' | 'refused' | 'unknown';

const record = `mutation ($input: RecordSessionInput!) {
  recordSession(input: $input) { recordedCount replayed entries { sessionId } }
}`;

/** What the faults that these tests bring about give as reasons. */
const expectedReasons = [
  'SERVICE_UNAVAILABLE (refused)',
  'SERVICE_UNAVAILABLE (unknown)',
  "HAProxy's 503 (refused)",
];

/** How long a client goes on sending a session again. */
const maxSettleMs = 20_000;

/** A call that has ended. */
export interface JournalCall {
  readonly sessionId: string;
  /** As `performance.now()` has it. */
  readonly sentAt: number;
  readonly reply: Reply;
  readonly outcome: Outcome;
}

export interface JournalOptions {
  /** Whether sessions are sent with a key, so that they can be sent again while their outcome is unknown. */
  readonly hasKeys?: boolean;
  /** Called at the end of each call. */
  readonly onReply?: (call: JournalCall) => void;
}

type CallOptions = Parameters<typeof call>[3];

/** Notes for each session what its client was told. Unknown until the answer is there: a client might die, too. */
export class Journal {
  readonly outcomes = new Map<string, Outcome>();
  /** How often a call ended in which way, for those that were not acknowledged. */
  readonly reasons = new Map<string, number>();
  slowestMs = 0;
  /** The last session that was acknowledged, and when it was sent. */
  last: { readonly sessionId: string; readonly sentAt: number } | undefined;

  constructor(private readonly options: JournalOptions = {}) {}

  /** Sends the session that belongs to the id. */
  async send(url: string, sessionId: string, options?: CallOptions): Promise<Outcome> {
    if (this.outcomes.has(sessionId)) throw new Error(`${sessionId} has been sent before`);
    this.outcomes.set(sessionId, 'unknown');
    return this.attempt(url, sessionId, false, options);
  }

  /** Sends a session whose outcome is unknown again, under its key, until it is known or that took too long. */
  async settle(url: string, sessionId: string): Promise<Outcome> {
    if (!this.options.hasKeys || this.outcomes.get(sessionId) !== 'unknown') {
      throw new Error(`${sessionId} cannot be sent again`);
    }
    const deadline = performance.now() + maxSettleMs;
    for (;;) {
      await sleep(50);
      const outcome = await this.attempt(url, sessionId, true);
      if (outcome !== 'unknown' || performance.now() > deadline) return outcome;
    }
  }

  private async attempt(
    url: string,
    sessionId: string,
    isAgain: boolean,
    options?: CallOptions,
  ): Promise<Outcome> {
    const session = sessionOf(sessionId);
    const { hasKeys, onReply } = this.options;
    const input = hasKeys ? { ...session, idempotencyKey: `key of ${sessionId}` } : session;
    const sentAt = performance.now();
    const reply = await call(url, record, { input }, options);
    const { outcome: told, reason } = judge(reply, session.actions.length, isAgain);
    // That this call did nothing says nothing of the one before.
    const outcome = isAgain && told === 'refused' ? 'unknown' : told;
    this.outcomes.set(sessionId, outcome);
    if (reason) this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
    if (outcome === 'acknowledged') this.last = { sessionId, sentAt };
    this.slowestMs = Math.max(this.slowestMs, reply.ms);
    onReply?.({ sessionId, sentAt, reply, outcome });
    return outcome;
  }

  /** Waits for an acknowledgement of a session that was sent after the instant, and gives back its id. */
  async acknowledgedAfter(instant: number, ms: number): Promise<string> {
    await waitUntil('a session is acknowledged', ms, () => (this.last?.sentAt ?? 0) > instant);
    return this.last!.sessionId;
  }

  count(outcome: Outcome): number {
    return [...this.outcomes.values()].filter((candidate) => candidate === outcome).length;
  }

  /** Why calls failed, other than for the faults that a test brings about. */
  unexpectedReasons(expected: readonly string[] = expectedReasons): string[] {
    return [...this.reasons.keys()].filter((reason) => !expected.includes(reason));
  }

  /** One line for whoever reads the output of a run. */
  summary(): string {
    const counts = (['acknowledged', 'refused', 'unknown'] as const)
      .map((outcome) => `${this.count(outcome)} ${outcome}`)
      .join(', ');
    const reasons = [...this.reasons].map(([reason, count]) => `${count} × ${reason}`).join(', ');
    return `sessions: ${counts}; slowest call ${Math.round(this.slowestMs)} ms${reasons && `; ${reasons}`}`;
  }
}

/** What an answer says of its session; the reason why it is not acknowledged, without what differs each time. */
function judge(reply: Reply, count: number, isAgain: boolean): { outcome: Outcome; reason?: string } {
  const not = (outcome: Outcome, why: string) => ({ outcome, reason: `${why} (${outcome})` });
  if (!reply.isAnswered) {
    return not(reply.error === 'ECONNREFUSED' ? 'refused' : 'unknown', reply.error);
  }
  const { status, body } = reply;
  // HAProxy's own answers: 503 when it has no instance to ask; with any other one, it may have asked.
  if (body === undefined) return not(status === 503 ? 'refused' : 'unknown', `HAProxy's ${status}`);
  const extensions = body.errors?.[0]?.extensions;
  if (extensions) {
    return not(extensions.outcome === 'unknown' ? 'unknown' : 'refused', extensions.code);
  }
  const recorded = body.data?.recordSession;
  // Only what is sent again may have been recorded before.
  if (recorded?.recordedCount === count && (isAgain || recorded.replayed === false)) {
    return { outcome: 'acknowledged' };
  }
  return not('unknown', `a wrong answer: ${JSON.stringify(reply).slice(0, 200)}`);
}

export interface Writers {
  /** Lets each writer finish the call that it has begun. */
  stop(): Promise<void>;
}

/** Tells the sessions of one call of {@link startWriters} from those of the next. */
let writerRuns = 0;

interface WriterOptions {
  readonly count: number;
  readonly pauseMs: number;
  /** How long a client leaves a server alone that has refused it; as long as ever when absent. */
  readonly refusedPauseMs?: number;
  /** Whether a session whose outcome is unknown is sent again until it is known. */
  readonly isRetrying?: boolean;
}

/** Clients that send one session after the other, to the addresses in turn. */
export function startWriters(
  journal: Journal,
  urls: readonly string[],
  { count, pauseMs, refusedPauseMs = pauseMs, isRetrying = false }: WriterOptions,
): Writers {
  let isStopped = false;
  const run = writerRuns++;
  const write = async (writer: number): Promise<void> => {
    for (let at = 0; !isStopped; at++) {
      const url = urls[(writer + at) % urls.length]!;
      const sessionId = `${run}-${writer}-${at}`;
      const outcome = await journal.send(url, sessionId);
      if (isRetrying && outcome === 'unknown') await journal.settle(url, sessionId);
      await sleep(outcome === 'refused' ? refusedPauseMs : pauseMs);
    }
  };
  const all = Promise.all(Array.from({ length: count }, (_, writer) => write(writer)));
  // Seen when they are stopped; until then, a failure must not end the test's process.
  all.catch(() => {});
  return {
    stop: async () => {
      isStopped = true;
      await all;
    },
  };
}
