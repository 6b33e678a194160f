import { expect } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deletionTimeoutMs } from '../../../src/app';
import { createDatabase } from '../../support/database/database';
import { startServerProcess, type ServerProcess } from '../../support/processes/server-process';
import { itLong } from '../../support/scale';
import { waitFor } from '../../support/wait-for';

const sessionCount = 6;
const perSession = 5_000;
const total = sessionCount * perSession;
const record = `mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }`;
const deleteUser = 'mutation { deleteUserData(userId: "u") { deletedCount } }';

/** The sums of a user's sessions. */
async function sumSessions(server: ServerProcess, userId: string): Promise<number> {
  const query = `{ sessions(filter: { userIds: ["${userId}"] }) { nodes { entryCount } } }`;
  const { body } = await server.graphql(query);
  const nodes: { entryCount: number }[] = body.data.sessions.nodes;
  return nodes.reduce((sum, { entryCount }) => sum + entryCount, 0);
}

async function countEntries(server: ServerProcess, userId: string): Promise<number> {
  const query = `{ logsConnection(filter: { userIds: ["${userId}"] }) { totalCount(upTo: 100000) { value } } }`;
  const { body } = await server.graphql(query);
  return body.data.logsConnection.totalCount.value;
}

itLong.each([
  ['completes in the time that it has', deletionTimeoutMs],
  ['that takes longer says how many entries it has erased, and the next start erases the others', 1],
])('a deletion during SIGTERM %s', async (_name, timeoutMs) => {
  const directory = mkdtempSync(join(tmpdir(), 'log-manager-stop-'));
  const preload = join(directory, 'sooner.cjs');
  writeFileSync(
    preload,
    `const { setTimeout: set } = globalThis;
    globalThis.setTimeout = (work, ms, ...more) => set(work, ms === ${deletionTimeoutMs} ? ${timeoutMs} : ms, ...more);`,
  );
  const database = await createDatabase();
  const start = () =>
    startServerProcess({ DATABASE_URL: database.url, NODE_OPTIONS: `--require ${preload}` });
  let server = await start();
  try {
    const actions = Array.from({ length: perSession }, (_, at) => ({
      time: `2020-01-0${1 + (at % 9)}T00:00:00Z`,
      type: 'T',
    }));
    for (let at = 0; at <= sessionCount; at++) {
      const input = { userId: at < sessionCount ? 'u' : 'other', sessionId: `s${at}`, actions };
      const { body } = await server.graphql(record, { input });
      expect(body.data.recordSession.recordedCount).toBe(perSession);
    }
    const answering = server.graphql(deleteUser);
    await waitFor(async () => (await sumSessions(server, 'u')) < total);
    const ending = server.end('SIGTERM');
    const { status, body } = await answering;
    expect(status).toBe(200);
    const { exitCode, output } = await ending;
    expect(exitCode).toBe(0);
    expect(output).toContain('"stopped"');

    if (timeoutMs === deletionTimeoutMs) {
      expect(body).toEqual({ data: { deleteUserData: { deletedCount: total } } });
    } else {
      const [{ message, extensions }] = body.errors;
      expect(extensions).toEqual({ code: 'SERVICE_UNAVAILABLE', retryable: true });
      const erased = Number(/^The server stops\. Deletion stopped after (\d+) entries\./.exec(message)![1]);
      expect(erased).toBeLessThan(total);
      expect(output).toContain('deletion stopped before its end');
    }
    server = await start();
    await waitFor(async () => (await countEntries(server, 'u')) === 0);
    expect(await sumSessions(server, 'u')).toBe(0);
    const again = await server.graphql(deleteUser);
    expect(again.body.data.deleteUserData.deletedCount).toBe(0);
    expect(await countEntries(server, 'other')).toBe(perSession);
  } finally {
    await server.end('SIGKILL');
    await database.remove();
    rmSync(directory, { recursive: true });
  }
});
