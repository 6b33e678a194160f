import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createDatabase, dialect, type TestDatabase } from '../../support/database/database';
import { checkIntegrity } from '../../support/database/integrity';
import { caseCount } from '../../support/scale';
import { startServer, type TestServer } from '../../support/server/server';
import { waitFor } from '../../support/wait-for';

const record = `mutation ($input: RecordSessionInput!) {
  recordSession(input: $input) { replayed entries { id } }
}`;
const deleteUser = `mutation ($userId: String!, $dryRun: Boolean! = false) {
  deleteUserData(userId: $userId, dryRun: $dryRun) { deletedCount dryRun }
}`;
const deleteSession = `mutation ($userId: String!, $sessionId: String!, $dryRun: Boolean! = false) {
  deleteSession(userId: $userId, sessionId: $sessionId, dryRun: $dryRun) { deletedCount dryRun }
}`;

let database: TestDatabase;
let server: TestServer;
beforeEach(async () => {
  database = await createDatabase();
  server = await startServer({ DATABASE_URL: database.url });
});
afterEach(async () => {
  await server.stop();
  await database.remove();
});

const epoch = Date.UTC(2026, 0, 1);

/** Records a session of so many actions, a second after each other. */
async function send(
  userId: string,
  sessionId: string,
  count: number,
  more: object = {},
  from = 0,
  to = server,
) {
  const actions = Array.from({ length: count }, (_, at) => ({
    time: new Date(epoch + (from + at) * 1_000).toISOString(),
    type: `T${at % 3}`,
    properties: { who: userId, at },
  }));
  const input = { userId, sessionId, actions, ...more };
  const { data, errors } = await to.graphql(record, { input });
  if (errors) throw new Error(JSON.stringify(errors));
  return data.recordSession;
}

async function erase(
  userId: string,
  sessionId?: string,
  dryRun = false,
): Promise<{ deletedCount: number; dryRun: boolean }> {
  const query = sessionId === undefined ? deleteUser : deleteSession;
  const { data, errors } = await server.graphql(query, { userId, sessionId, dryRun });
  if (errors) throw new Error(JSON.stringify(errors));
  return data.deleteUserData ?? data.deleteSession;
}

interface Found {
  readonly userId: string;
  readonly sessionId: string;
  readonly time: string;
}

/** Every entry that any query shows, by session; and checks that the sums of sessions agree with them. */
async function readAll(): Promise<Map<string, Found[]>> {
  const entries: Found[] = [];
  let after: string | null = null;
  do {
    const { data } = await server.graphql(
      `query ($after: String) {
        logsConnection(first: 1000, after: $after) {
          nodes { userId sessionId time } pageInfo { hasNextPage endCursor }
        }
      }`,
      { after },
    );
    const { nodes, pageInfo } = data.logsConnection;
    entries.push(...nodes);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  const bySession = new Map<string, Found[]>();
  for (const entry of entries) {
    const key = `${entry.userId}/${entry.sessionId}`;
    bySession.set(key, [...(bySession.get(key) ?? []), entry]);
  }
  const { data } = await server.graphql(
    '{ sessions(first: 1000) { nodes { userId sessionId entryCount startedAt endedAt } } }',
  );
  const sums = data.sessions.nodes.map(({ userId, sessionId, ...sum }: Found & Record<string, unknown>) => [
    `${userId}/${sessionId}`,
    sum,
  ]);
  expect(new Map(sums)).toEqual(
    new Map(
      [...bySession].map(([key, found]) => [
        key,
        { entryCount: found.length, startedAt: found[0]!.time, endedAt: found.at(-1)!.time },
      ]),
    ),
  );
  return bySession;
}

/** How many entries each session has. */
async function countAll(): Promise<Record<string, number>> {
  const all = await readAll();
  return Object.fromEntries([...all].map(([key, { length }]) => [key, length]));
}

describe('deleteSession', () => {
  it('erases the session and nothing else, whoever has another one of that name', async () => {
    await send('a', 's', 5);
    await send('a', 's', 5, {}, 100);
    await send('a', 'other', 5);
    await send('b', 's', 5);
    expect(await erase('a', 's', true)).toEqual({ deletedCount: 10, dryRun: true });
    expect(await countAll()).toEqual({ 'a/s': 10, 'a/other': 5, 'b/s': 5 });
    expect(await erase('a', 's')).toEqual({ deletedCount: 10, dryRun: false });
    expect(await countAll()).toEqual({ 'a/other': 5, 'b/s': 5 });
    expect(await erase('a', 's')).toEqual({ deletedCount: 0, dryRun: false });
    const { data } = await server.graphql(
      '{ session(userId: "a", sessionId: "s") { entryCount } logs(user: "a") { sessionId } }',
    );
    expect(data.session).toBeNull();
    expect(data.logs).toHaveLength(5);
  });

  it('erases one that is larger than what a step takes', async () => {
    for (let at = 0; at < 3; at++) await send('a', 'large', 5_000, {}, at * 5_000);
    await send('b', 'small', 1);
    expect(await erase('a', 'large')).toEqual({ deletedCount: 15_000, dryRun: false });
    expect(await countAll()).toEqual({ 'b/small': 1 });
  });

  it.each([
    ['a session', (at: number) => [`user-${at % 50}`, 'default']],
    ['a user', (at: number) => ['anonymous', `s${at % 50}`]],
  ])('erases the right entries where everybody shares %s', async (_name, idsOf) => {
    await Promise.all(
      Array.from({ length: 200 }, (_, at) => {
        const [user, session] = idsOf(at);
        return send(user!, session!, 20, {}, at * 10);
      }),
    );
    const before = await countAll();
    const [user, session] = idsOf(7);
    expect(await erase(user!, session)).toEqual({ deletedCount: 80, dryRun: false });
    const { [`${user}/${session}`]: erased, ...others } = before;
    expect(erased).toBe(80);
    expect(await countAll()).toEqual(others);
  });

  it('names the arguments that are wrong', async () => {
    const { errors } = await server.graphql(deleteSession, {
      userId: '',
      sessionId: 'x'.repeat(257),
    });
    const { violations } = errors![0]!.extensions;
    expect(violations!.map(({ path }) => path).sort()).toEqual(['sessionId', 'userId']);
    for (const { message } of violations!) expect(message).toBe('must be 1 to 256 characters');
  });
});

describe('deleteUserData', () => {
  it('erases everything of the user, and leaves all others as they were', async () => {
    const users = ['a', 'b', "it's; DROP", '😀'];
    for (const [at, user] of users.entries()) {
      for (let session = 0; session < caseCount(10, 30); session++) {
        await send(user, `s${session}`, 1 + ((at + session) % 9), {}, session * 7);
      }
    }
    const before = await countAll();
    const of = (user: string) => Object.entries(before).filter(([key]) => key.startsWith(`${user}/`));
    const sum = of('a').reduce((total, [, count]) => total + count, 0);
    expect(await erase('a', undefined, true)).toEqual({ deletedCount: sum, dryRun: true });
    expect(await erase('a')).toEqual({ deletedCount: sum, dryRun: false });
    expect(await countAll()).toEqual(Object.fromEntries(users.slice(1).flatMap(of)));
    await erase("it's; DROP");
    expect(await countAll()).toEqual(Object.fromEntries([...of('b'), ...of('😀')]));
    expect(await erase('nobody')).toEqual({ deletedCount: 0, dryRun: false });
  });

  it('leaves no cursor that shows more, and does not disturb one that is in use', async () => {
    for (const user of ['a', 'b']) await send(user, 's', 50);
    const page = `query ($after: String) {
      logsConnection(first: 10, after: $after) { nodes { userId } pageInfo { endCursor } }
    }`;
    const first = await server.graphql(page);
    const after = first.data.logsConnection.pageInfo.endCursor;
    await erase('a');
    const users: string[] = [];
    for (let cursor = after; cursor !== null;) {
      const { data } = await server.graphql(page, { after: cursor });
      users.push(...data.logsConnection.nodes.map(({ userId }: Found) => userId));
      cursor = data.logsConnection.pageInfo.endCursor;
    }
    expect(users).toEqual(Array(45).fill('b'));
  });

  it('erases or keeps each session that is recorded meanwhile as a whole, and says how many it has erased', async () => {
    for (let at = 0; at < 40; at++) await send('a', `s${at}`, 200, {}, at);
    let isDone = false;
    const acknowledged: string[] = [];
    const write = async (writer: number) => {
      // On a slow machine, `readAll` would otherwise see more sessions than a page holds.
      for (let at = 0; !isDone && at < 400; at++) {
        // Sessions that are being erased go on, and new ones begin.
        const sessionId = at % 2 === 0 ? `s${at % 40}` : `new-${writer}-${at}`;
        await send('a', sessionId, 7, {}, 300 + at);
        acknowledged.push(sessionId);
      }
    };
    const writers = [1, 2, 3].map(write);
    const { deletedCount } = await erase('a');
    isDone = true;
    await Promise.all(writers);
    const left = Object.values(await countAll());
    for (const count of left) expect(count % 7).toBe(0);
    const leftCount = left.reduce((sum, count) => sum + count, 0);
    expect(deletedCount + leftCount).toBe(40 * 200 + acknowledged.length * 7);
    expect(deletedCount).toBeGreaterThanOrEqual(40 * 200);
  });

  it('called twice at once counts each entry once', async () => {
    for (let at = 0; at < 20; at++) await send('a', `s${at}`, 50);
    const [one, other] = await Promise.all([erase('a'), erase('a')]);
    expect(one.deletedCount + other.deletedCount).toBe(1_000);
    expect(await countAll()).toEqual({});
  });

  it('goes on when its client has gone', async () => {
    for (let at = 0; at < 20; at++) await send('a', `s${at}`, 50);
    const unlock = await database.lock();
    const body = JSON.stringify({ query: deleteUser, variables: { userId: 'a' } });
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const outgoing = request(`${server.url}/graphql`, { method: 'POST', agent: false, headers });
    outgoing.on('error', () => {});
    outgoing.end(body);
    await once(outgoing, 'finish');
    await new Promise((resolve) => setTimeout(resolve, 200));
    outgoing.destroy();
    const count = async () => (await server.graphql('{ logs(user: "a") { id } }')).data.logs.length;
    expect(await count()).toBe(1_000);
    await unlock();
    await waitFor(async () => (await count()) === 0);
  });

  it('is not undone by a session that is sent again under its key', async () => {
    await send('a', 's', 3, { idempotencyKey: 'k' });
    await erase('a');
    expect((await send('a', 's', 3, { idempotencyKey: 'k' })).replayed).toBe(true);
    expect(await countAll()).toEqual({});
  });

  it('never gives the id of an erased entry to another one', async () => {
    await send('b', 's', 1);
    const { entries } = await send('a', 's', 3);
    await erase('a');
    const ids = [
      ...(await send('c', 'empty', 0, { idempotencyKey: 'empty' })).entries,
      ...(await send('c', 's', 2, { idempotencyKey: 'c' })).entries,
      ...(await send('c', 's', 2)).entries,
    ].map(({ id }: { id: string }) => Number(id));
    expect(Math.min(...ids)).toBeGreaterThan(Number(entries.at(-1).id));
    const again = await send('c', 's', 2, { idempotencyKey: 'c' });
    expect(again.entries.map(({ id }: { id: string }) => Number(id))).toEqual(ids.slice(0, 2));
  });
});

const onSqlite = dialect === 'sqlite' ? describe : describe.skip;

onSqlite('a SQLite file', () => {
  const path = () => database.url.replace('sqlite:', '');
  const search = (text: string) =>
    ['', '-wal'].filter((suffix) => readFileSync(path() + suffix).includes(text));
  const restart = async (noticeDays: number): Promise<void> => {
    await server.stop();
    server = await startServer({ DATABASE_URL: database.url, ERASURE_NOTICE_DAYS: String(noticeDays) });
  };

  it('holds the ids of an erasure in its notice only, until that is forgotten', async () => {
    const occurrences = (text: string): number =>
      readFileSync(path()).toString('latin1').split(text).length - 1 + search(text).filter(Boolean).length;
    await send('person-x', 'their-session', 100, { idempotencyKey: 'their-key' });
    await send('person-y', 'y-session', 100);
    await erase('person-y', 'y-session');
    await erase('person-x');
    expect(['person-x', 'person-y', 'y-session', 'their-session'].map(occurrences)).toEqual([1, 1, 1, 0]);
    await restart(0);
    for (const text of ['person-x', 'person-y', 'y-session'])
      await waitFor(async () => search(text).length === 0);
  });

  it('holds nothing of a user any more when deleteUserData answers, while others read and write', async () => {
    const users = Array.from({ length: 20 }, (_, at) => `person-${at}-x`);
    const erased = caseCount(5, 12);
    for (let round = 0; round < caseCount(8, 25); round++) {
      await Promise.all(
        users.map((user, at) =>
          send(user, `${user}-${round}`, 1 + ((at * 7 + round) % 20), {
            idempotencyKey: `${user}/${round}`,
          }),
        ),
      );
    }
    await restart(0);
    const other = await startServer({ DATABASE_URL: database.url, ERASURE_NOTICE_DAYS: '0' });
    let isDone = false;
    // Bounds the entries that a fast machine records, all of which the scrubber must look through.
    const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
    const busy = [
      async () => {
        for (let at = 0; !isDone; at++) await send('somebody', `s${at % 50}`, 20).then(pause);
      },
      async () => {
        for (let at = 0; !isDone; at++) {
          await send('anybody', `s${at % 50}`, 3, {}, at, other).then(pause);
        }
      },
      async () => {
        while (!isDone) await server.graphql('{ logs(user: "person-0-x") { id } }');
      },
      async () => {
        while (!isDone) {
          await server.graphql(
            '{ logTypes { types { count } } logsConnection(first: 1000) { nodes { properties } } }',
          );
        }
      },
    ].map((work) => work());
    expect(search('person-3-x')).not.toEqual([]);
    for (const user of users.slice(1, erased)) {
      await erase(user);
      expect([user, search(user)]).toEqual([user, []]);
    }
    isDone = true;
    await Promise.all(busy);
    await other.stop();
    expect(await checkIntegrity(path())).toEqual([]);
    const left = new Set([...(await readAll()).values()].map(([entry]) => entry!.userId));
    expect([...left].sort()).toEqual(['person-0-x', ...users.slice(erased), 'anybody', 'somebody'].sort());
  });
});
