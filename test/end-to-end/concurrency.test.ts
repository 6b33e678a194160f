import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDatabase, type TestDatabase } from '../support/database/database';
import { startServerProcess, type ServerProcess } from '../support/processes/server-process';

const record = `mutation ($input: RecordSessionInput!) {
  recordSession(input: $input) { recordedCount entries { id type } }
}`;
const clients = 64;
const mutationsEach = 12;
const time = '2020-01-01T00:00:00Z';

/** Each refused for another reason; all but the last hold good actions too. */
const faults = [
  (good: object) => ({ actions: [good, { time: 'yesterday', type: 'X' }] }),
  (good: object) => ({ actions: [good, { time, type: '' }, good] }),
  (good: object) => ({ actions: [good, { time, type: 'X', properties: { big: 2 ** 60 } }] }),
  (good: object) => ({ actions: [good], userId: '' }),
  (good: object) => ({ actions: [good, { time, type: 'nul \u0000' }] }),
  (good: object) => ({ actions: [good, null] }),
];

describe('64 clients at once, a third of their mutations refused', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  const acknowledged: string[] = [];
  const ids: string[] = [];
  const refused: string[] = [];
  const unexpected: unknown[] = [];

  async function work(client: number): Promise<void> {
    for (let at = 0; at < mutationsEach; at++) {
      const types = [0, 1, 2].map((action) => `${client}-${at}-${action}`);
      const actions = types.map((type) => ({ time, type, properties: { client, at } }));
      const session = { userId: `user-${client}`, sessionId: `session-${at}`, actions };
      const isWrong = (client + at) % 3 === 0;
      const fault = faults[(client + at) % faults.length]!;
      const more = faults[(client * 5 + at * 7) % faults.length]!;
      const broken = isWrong && { ...fault(actions[0]!), ...(at % 2 && more(actions[1]!)) };
      const { body } = await server.graphql(record, { input: { ...session, ...broken } });
      if (isWrong) {
        refused.push(...types);
        if (body.errors?.[0].extensions.code !== 'BAD_USER_INPUT') unexpected.push(body);
        continue;
      }
      const entries = body.data?.recordSession?.entries as { id: string; type: string }[];
      if (JSON.stringify(entries?.map(({ type }) => type)) !== JSON.stringify(types)) {
        unexpected.push(body);
        continue;
      }
      acknowledged.push(...types);
      ids.push(...entries.map(({ id }) => id));
    }
  }

  beforeAll(async () => {
    database = await createDatabase();
    server = await startServerProcess({ DATABASE_URL: database.url, LOG_LEVEL: 'debug' });
    await Promise.all(Array.from({ length: clients }, (_, client) => work(client)));
  });
  afterAll(async () => {
    await server.end();
    await database.remove();
  });

  it('answers each of them as it must', () => {
    expect(unexpected).toEqual([]);
    expect(acknowledged).toHaveLength((clients * mutationsEach * 3 * 2) / 3);
    expect(refused).toHaveLength((clients * mutationsEach * 3) / 3);
  });

  it('stores every acknowledged action once and no refused one', async () => {
    const { body } = await server.graphql('{ logs { id type userId sessionId properties } }');
    const logs = body.data.logs as { id: string; type: string; userId: string }[];
    expect(logs.map(({ type }) => type).sort()).toEqual([...acknowledged].sort());
    expect(logs.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(ids.length);
    for (const { type, userId } of logs) expect(userId).toBe(`user-${type.split('-')[0]}`);
  });

  it('keeps the actions of a session together and in their order', async () => {
    const { body } = await server.graphql('{ logs { id type } }');
    const logs = body.data.logs as { id: string; type: string }[];
    for (let at = 0; at < logs.length; at += 3) {
      const [first, second, third] = logs.slice(at, at + 3);
      const session = first!.type.slice(0, -2);
      expect([first!.type, second!.type, third!.type]).toEqual(
        [0, 1, 2].map((action) => `${session}-${action}`),
      );
      expect(Number(third!.id)).toBe(Number(first!.id) + 2);
    }
  });

  it('logs nothing that an operator should worry about', async () => {
    const count = clients * mutationsEach;
    const answered = await server.waitForLog(({ msg }) => msg === 'request completed', count);
    expect(answered.length).toBeGreaterThanOrEqual(count);
    expect(server.log().filter(({ msg }) => msg === 'request completed').length).toBeGreaterThanOrEqual(
      clients * mutationsEach,
    );
    expect(server.log().filter(({ level }) => level !== 'info' && level !== 'debug')).toEqual([]);
    expect(server.output()).not.toMatch(/transaction|SQLITE_|rollback/i);
  });
});
