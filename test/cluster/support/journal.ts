import { call, type Reply } from './api';
import { sleep, waitUntil } from './children';
import { sessionOf } from './sessions';

/** What a client knows of a session that it has sent: that it is stored, that it is not, or neither. */
export type Outcome = 'acknowledged' | 'refused' | 'unknown';

const record = `mutation ($input: RecordSessionInput!) {
  recordSession(input: $input) { recordedCount }
}`;

const expectedReasons = [
  'SERVICE_UNAVAILABLE (refused)',
  'SERVICE_UNAVAILABLE (unknown)',
  "HAProxy's 503 (refused)",
];

/** Notes for each session what its client was told. Unknown until the answer is there: a client might die, too. */
export class Journal {
  readonly outcomes = new Map<string, Outcome>();
  /** How often a call ended in which way, for those that were not acknowledged. */
  readonly reasons = new Map<string, number>();
  slowestMs = 0;
  /** The last session that was acknowledged, and when it was sent. */
  last: { readonly sessionId: string; readonly sentAt: number } | undefined;

  /** Sends the session that belongs to the id. */
  async send(
    url: string,
    sessionId: string,
    options?: Parameters<typeof call>[3],
  ): Promise<Outcome> {
    if (this.outcomes.has(sessionId)) throw new Error(`${sessionId} has been sent before`);
    this.outcomes.set(sessionId, 'unknown');
    const input = sessionOf(sessionId);
    const sentAt = performance.now();
    const reply = await call(url, record, { input }, options);
    const { outcome, reason } = judge(reply, input.actions.length);
    this.outcomes.set(sessionId, outcome);
    if (reason) this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
    if (outcome === 'acknowledged') this.last = { sessionId, sentAt };
    this.slowestMs = Math.max(this.slowestMs, reply.ms);
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

  /** Why calls failed, other than for the faults that these tests bring about. */
  unexpectedReasons(): string[] {
    return [...this.reasons.keys()].filter((reason) => !expectedReasons.includes(reason));
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
function judge(reply: Reply, count: number): { outcome: Outcome; reason?: string } {
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
  if (body.data?.recordSession?.recordedCount === count) return { outcome: 'acknowledged' };
  return not('unknown', `a wrong answer: ${JSON.stringify(reply).slice(0, 200)}`);
}

export interface Writers {
  /** Lets each writer finish the call that it has begun. */
  stop(): Promise<void>;
}

/** Clients that send one session after the other, to the addresses in turn. */
export function startWriters(
  journal: Journal,
  urls: readonly string[],
  { count, pauseMs }: { readonly count: number; readonly pauseMs: number },
): Writers {
  let isStopped = false;
  const write = async (writer: number): Promise<void> => {
    for (let at = 0; !isStopped; at++) {
      await journal.send(urls[(writer + at) % urls.length]!, `${writer}-${at}`);
      await sleep(pauseMs);
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
