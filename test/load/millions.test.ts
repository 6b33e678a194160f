import { expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServerProcess } from '../support/processes/server-process';

const sessionCount = 3_000;
const actionCount = 1_000;
const userCount = 10;
const perUser = (sessionCount / userCount) * actionCount;

const record = `mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }`;
const page = `query ($filter: LogFilter!, $after: String) {
  logsConnection(filter: $filter, first: 1000, after: $after) {
    nodes { sessionId properties }
    pageInfo { endCursor hasNextPage }
  }
}`;

it('reads, counts and erases one user of ten among 3,000,000 entries completely', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'millions-'));
  const server = await startServerProcess({ DATABASE_URL: `sqlite:${join(directory, 'many.sqlite')}` });
  const timed = async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
    const startedAt = performance.now();
    const result = await work();
    console.log(`${name}: ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
    return result;
  };
  const ask = async (query: string, variables: object = {}) => {
    const { body } = await server.graphql(query, variables);
    expect(body.errors).toBeUndefined();
    return body.data;
  };

  try {
    await timed('record 3,000,000 entries', async () => {
      for (let n = 0; n < sessionCount; n += 4)
        await Promise.all([0, 1, 2, 3].map((i) => ask(record, session(n + i))));
    });
    const filter = { userIds: ['user-3'] };
    const found = new Set<string>();
    await timed('read 300,000 entries of a user, 1,000 a page', async () => {
      let after: string | undefined;
      for (;;) {
        const { logsConnection } = await ask(page, { filter, after });
        const { nodes, pageInfo } = logsConnection;
        for (const { sessionId, properties } of nodes) found.add(`${sessionId} ${properties.at}`);
        if (!pageInfo.hasNextPage) break;
        after = pageInfo.endCursor;
      }
    });
    expect(found.size).toBe(perUser);
    const histogram = `{ logHistogram(filter: { userIds: ["user-3"], startTime: "2024-01-01", endTime: "2024-03-01" }, interval: DAY) {
      buckets { count } } }`;
    const { logHistogram } = await timed('histogram of a user', () => ask(histogram));
    const total = logHistogram.buckets.reduce((sum: number, { count }: { count: number }) => sum + count, 0);
    expect(total).toBe(perUser);
    const erased = await timed('erase 300,000 entries', () =>
      ask(`mutation { deleteUserData(userId: "user-3") { deletedCount } }`),
    );
    expect(erased.deleteUserData.deletedCount).toBe(perUser);
    const { logTypes } = await ask('{ logTypes { types { count } } }');
    expect(logTypes.types).toEqual([{ count: sessionCount * actionCount - perUser }]);
    expect((await server.end()).exitCode).toBe(0);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

/** Variables that record a session. Its actions are a second apart. */
function session(n: number): object {
  const start = Date.UTC(2024, 0, 1) + n * 1_000_000;
  const actions = Array.from({ length: actionCount }, (_, at) => ({
    time: new Date(start + at * 1_000).toISOString(),
    type: 'CLICK',
    properties: { at },
  }));
  return { input: { userId: `user-${n % userCount}`, sessionId: `session-${n}`, actions } };
}
