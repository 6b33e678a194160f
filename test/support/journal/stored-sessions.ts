import type { SessionSummary, StoredEntry, StoredSession } from './journal-check';
import { pageFields, walk, type Askable, type List } from '../../logs/support/walk';

const entries: List = {
  query: `query ($first: Int!, $after: String) {
    logsConnection(first: $first, after: $after) {
      edges { cursor node { id time type properties userId sessionId } } ${pageFields}
    }
  }`,
  connectionOf: (data) => data.logsConnection,
};

const summaries: List = {
  query: `query ($first: Int!, $after: String) {
    sessions(first: $first, after: $after) {
      edges { cursor node { userId sessionId entryCount startedAt endedAt } } ${pageFields}
    }
  }`,
  connectionOf: (data) => data.sessions,
};

/** All that can be read through the API, session by session, with what it says of each as a whole. */
export async function* storedSessions(server: Askable): AsyncGenerator<StoredSession> {
  const bySession = new Map<string, { entries: StoredEntry[]; summary?: SessionSummary }>();
  const nodes = (await walk(server, entries, 1_000)) as StoredEntry[];
  for (const entry of nodes) {
    const session = bySession.get(entry.sessionId) ?? { entries: [] };
    bySession.set(entry.sessionId, session);
    session.entries.push({ ...entry, time: withMicros(entry.time) });
  }
  for (const node of await walk(server, summaries, 1_000)) {
    const { sessionId, startedAt, endedAt, ...rest } = node as SessionSummary & {
      readonly sessionId: string;
    };
    const session = bySession.get(sessionId) ?? { entries: [] };
    bySession.set(sessionId, session);
    session.summary = {
      ...rest,
      startedAt: withMicros(startedAt),
      endedAt: withMicros(endedAt),
    };
  }
  for (const [sessionId, { entries: unordered, summary }] of bySession) {
    const ordered = unordered.sort((a, b) => Number(BigInt(a.id) - BigInt(b.id)));
    yield { sessionId, entries: ordered, summary };
  }
}

/** As sessions are made: with six digits, where the server leaves three of them out when they are 0. */
function withMicros(time: string): string {
  return time.length === '2023-01-01T00:00:00.000Z'.length ? time.replace('Z', '000Z') : time;
}
