import { microsOf } from './instants';
import type { TestServer } from '../../support/server/server';
import type { Entry, Session } from '../../support/server/web-sessions';

/** An entry that a server has, with the id that it gave it. */
export interface RecordedEntry extends Entry {
  readonly id: string;
  /** The how manieth it is of all that were sent, whatever the order in which servers got them. */
  readonly sentAt: number;
  /** In microseconds since 1970. */
  readonly micros: bigint;
}

const record = `mutation ($input: RecordSessionInput!) {
  recordSession(input: $input) { entries { id } }
}`;

/** Records sessions, and returns all entries in the order of time, then of recording. */
export async function recordAndKeep(
  server: TestServer,
  sessions: readonly Session[],
): Promise<readonly RecordedEntry[]> {
  const entries: RecordedEntry[] = [];
  let sentCount = 0;
  const queue = sessions
    .map((input) => ({ input, sentAt: (sentCount += input.actions.length) - input.actions.length }))
    .values();
  const work = async (): Promise<void> => {
    for (const { input, sentAt } of queue) {
      const { data, errors } = await server.graphql(record, { input });
      if (errors) throw new Error(JSON.stringify(errors));
      const { userId, sessionId, actions } = input;
      const ids = data.recordSession.entries as { readonly id: string }[];
      actions.forEach((action, at) => {
        const micros = microsOf(action.time);
        const { id } = ids[at]!;
        entries.push({ ...action, userId, sessionId, micros, id, sentAt: sentAt + at });
      });
    }
  };
  await Promise.all(Array.from({ length: 16 }, work));
  return entries.sort(byTime);
}

/** The order of TIME_ASC. */
export function byTime(a: RecordedEntry, b: RecordedEntry): number {
  return compare(a.micros, b.micros) || compare(BigInt(a.id), BigInt(b.id));
}

export function compare<Value extends bigint | number>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** By code points, as both databases compare texts, and not by UTF-16 units, as JavaScript does. */
export function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
