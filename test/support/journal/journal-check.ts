import { canonical } from '../server/doors';
import type { Journal } from './journal';
import { sessionOf } from './sessions';

/** An entry as it was read, with microseconds in its time. */
export interface StoredEntry {
  readonly id: string;
  readonly time: string;
  readonly type: string;
  readonly properties: object;
  readonly userId: string;
  readonly sessionId: string;
}

/** What a server says of a session as a whole. */
export interface SessionSummary {
  readonly userId: string;
  readonly entryCount: number;
  readonly startedAt: string;
  readonly endedAt: string;
}

export interface StoredSession {
  readonly sessionId: string;
  /** In the order of their ids. */
  readonly entries: readonly StoredEntry[];
  /** Undefined where there is none; absent where nobody asked for it. */
  readonly summary?: SessionSummary | undefined;
}

const maxReported = 20;

/**
 * Compares what clients were told with what is stored: what was acknowledged is there, what was refused is not, of the
 * rest all of a session or nothing; each action once, in order, with every field as it was sent. Gives back what is
 * wrong, so nothing when all is well.
 */
export async function checkJournal(
  { outcomes }: Pick<Journal, 'outcomes'>,
  stored: AsyncIterable<StoredSession>,
): Promise<string[]> {
  const problems: string[] = [];
  const found = new Set<string>();
  const ids = new Set<string>();
  for await (const session of stored) {
    const { sessionId } = session;
    const outcome = outcomes.get(sessionId);
    if (found.has(sessionId)) problems.push(`${sessionId} is there twice`);
    found.add(sessionId);
    for (const { id } of session.entries) {
      if (ids.has(id)) problems.push(`${sessionId} has the id ${id}, which another entry has`);
      ids.add(id);
    }
    if (outcome === undefined) problems.push(`${sessionId} is stored and was never sent`);
    else if (outcome === 'refused') problems.push(`${sessionId} is stored and was refused`);
    else problems.push(...compare(session).map((what) => `${sessionId} (${outcome}): ${what}`));
  }
  for (const [sessionId, outcome] of outcomes) {
    if (outcome === 'acknowledged' && !found.has(sessionId)) {
      problems.push(`${sessionId} was acknowledged and is lost`);
    }
  }
  if (problems.length <= maxReported) return problems;
  return [...problems.slice(0, maxReported), `and ${problems.length - maxReported} more`];
}

function compare(session: StoredSession): string[] {
  const { sessionId, entries } = session;
  const { userId, actions } = sessionOf(sessionId);
  if (entries.length !== actions.length) return [`${entries.length} entries of ${actions.length}`];
  const problems = actions.flatMap((action, at) => {
    const { id, ...actual } = entries[at]!;
    const expected = canonical({ ...action, userId, sessionId });
    const read = canonical(actual);
    return read === expected ? [] : [`entry ${id} is ${read}, not ${expected}`];
  });
  if ('summary' in session) {
    const times = actions.map(({ time }) => time).sort();
    const expected: SessionSummary = {
      userId,
      entryCount: actions.length,
      startedAt: times[0]!,
      endedAt: times.at(-1)!,
    };
    const read = JSON.stringify(session.summary);
    if (read !== JSON.stringify(expected)) {
      problems.push(`its summary is ${read}, not ${JSON.stringify(expected)}`);
    }
  }
  return problems;
}
