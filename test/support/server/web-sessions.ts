import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Session {
  readonly userId: string;
  readonly sessionId: string;
  readonly actions: readonly Action[];
}

export interface Action {
  readonly time: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface Entry extends Action {
  readonly userId: string;
  readonly sessionId: string;
}

/** 6,000 requests to a real web site in 1,935 sessions, each line the input of one `recordSession`. */
export function readWebSessions(): Session[] {
  const file = join(__dirname, '..', '..', 'fixtures', 'web-sessions.ndjson');
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Session);
}

/** The entries that sessions become, in the order of recording, with times as the server writes them. */
export function toEntries(sessions: readonly Session[]): Entry[] {
  return sessions.flatMap(({ userId, sessionId, actions }) =>
    actions.map(({ time, type, properties }) => ({
      time: new Date(time).toISOString(),
      type,
      properties,
      userId,
      sessionId,
    })),
  );
}

/** Records sessions with GraphQL, so many at once. */
export async function recordAll(
  server: { graphql(query: string, variables: object): Promise<{ errors?: unknown }> },
  sessions: readonly Session[],
  concurrency = 1,
): Promise<void> {
  const query = `mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }`;
  const queue = sessions.values();
  const work = async (): Promise<void> => {
    for (const input of queue) {
      const { errors } = await server.graphql(query, { input });
      if (errors) throw new Error(JSON.stringify(errors));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
}
