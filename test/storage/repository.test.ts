import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Repository } from 'typeorm';
import { DatabaseBusyError } from '../../src/logs/model/errors';
import {
  entrySeparator,
  type EncodedSession,
  type EntryQuery,
  type LogEntryRepository,
  type Receipt,
} from '../../src/logs/log-entry-repository';
import { StartError } from '../../src/storage/start-error';
import {
  createDatabase,
  createEmptyDatabase,
  dialect,
  type TestDatabase,
} from '../support/database/database';
import { openTestStore } from '../support/database/store';
import { caseCount } from '../support/scale';

const users = ['a', 'b', 'c', 'd', 'e'];
const columns = [{ key: 'type', field: 'type' }] as const;
const none = { firstId: NaN };
const everything = { filter: {}, columns, limit: 10_000 };
const context = { mustBeLatest: false };

/** A session of these rows: `[time in µs, type, properties]`, in the order of time. */
function encodeRows(user: string, rows: readonly (readonly unknown[])[]): EncodedSession {
  const json = JSON.stringify([user, 's', rows, rows[0]![0], rows.at(-1)![0]]);
  return { json, entryCount: rows.length };
}

/** A session whose entries have these types, a microsecond after each other. */
function encode(user: string, types: readonly string[]): EncodedSession {
  const rows = types.map((type, at) => [at, type, {}]);
  return encodeRows(user, rows);
}

/** Tries again while another store has the lock of the file, as a group commit does. */
async function insert(store: LogEntryRepository, sessions: EncodedSession[]): Promise<readonly Receipt[]> {
  for (;;) {
    try {
      return await store.insertSessions(sessions, 0n);
    } catch (error) {
      if (!(error instanceof DatabaseBusyError)) throw error;
    }
  }
}

describe('a clock before the newest migration', () => {
  const newest = 1_795_790_000_000;
  const open = async (database: TestDatabase, time: number): Promise<void> => {
    jest.spyOn(Date, 'now').mockReturnValue(time);
    try {
      await (await openTestStore(database.url)).close();
    } finally {
      jest.restoreAllMocks();
    }
  };

  it.each([
    ['empty', createEmptyDatabase],
    ['migrated', createDatabase],
  ])('keeps an %s database from being opened', async (_state, create) => {
    const database = await create();
    try {
      for (const time of [0, newest - 1]) {
        const opening = open(database, time);
        await expect(opening).rejects.toBeInstanceOf(StartError);
        await expect(opening).rejects.toThrow(
          /^The clock of this machine says (1970|2026)-.*Set it, then start/,
        );
      }
      // Nothing was created.
      if (create === createEmptyDatabase) {
        await database.execute('CREATE TABLE log_entry (id integer); DROP TABLE log_entry');
      }
      await open(database, newest);
    } finally {
      await database.remove();
    }
  });
});

describe('a new database', () => {
  // More would wait for each other on the four threads that SQLite has in this process.
  const count = dialect === 'sqlite' ? 3 : 10;

  it(`is migrated once when ${count} open it at the same time`, async () => {
    const database = await createEmptyDatabase();
    const stores = await Promise.all(Array.from({ length: count }, () => openTestStore(database.url)));
    for (const store of stores) {
      await store.ping();
      await store.insertSessions([encode('u', ['T'])], 0n);
    }
    const list = await stores[0]!.findEntries(everything, context);
    expect(String('objects' in list && list.objects).match(/"T"/g)).toHaveLength(count);
    await Promise.all(stores.map((store) => store.close()));
    await database.remove();
  });
});

describe('a store', () => {
  let database: TestDatabase;
  let stores: LogEntryRepository[];
  beforeAll(async () => {
    database = await createDatabase();
    stores = await Promise.all([openTestStore(database.url), openTestStore(database.url)]);
  });
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await database.remove();
  });

  it('gives the entries of a commit ids without a gap, whoever else commits', async () => {
    const types = Array.from({ length: 50 }, (_, at) => `T${at}`);
    const firstIds = await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        insert(stores[at % 2]!, [encode(`user-${at}`, types), encode(`user-${at}`, types)]),
      ),
    );
    const withIds = [...columns, { key: 'id', field: 'id' }] as const;
    for (const [at, [{ firstId } = none]] of firstIds.entries()) {
      const filter = { userIds: [`user-${at}`] };
      const query = { ...everything, filter, columns: withIds };
      const list = await stores[0]!.findEntries(query, context);
      const entries = JSON.parse(`[${String('objects' in list && list.objects)}]`) as {
        type: string;
        id: string;
      }[];
      const byId = entries.sort((one, other) => Number(one.id) - Number(other.id));
      expect(byId).toEqual(
        [...types, ...types].map((type, index) => ({ type, id: String(firstId + index) })),
      );
    }
  });

  it('gives a later commit higher ids, whichever instance takes it', async () => {
    let last = 0;
    for (let at = 0; at < 10; at++) {
      const [{ firstId } = none] = await insert(stores[at % 2]!, [encode('later', ['A', 'B'])]);
      expect(firstId).toBeGreaterThan(last);
      last = firstId + 1;
    }
  });

  it('says when the first entry and the first one too many are', async () => {
    await stores[0]!.insertSessions([encode('many', ['A', 'B', 'C', 'D', 'E'])], 0n);
    const filter = { userIds: ['many'] };
    const read = (limit: number) => stores[1]!.findEntries({ ...everything, filter, limit }, context);
    expect(await read(3)).toEqual({ firstTime: 0n, excessTime: 3n });
    expect(await read(5)).toHaveProperty('objects');
  });

  it('stores nothing of a commit of which one entry cannot be stored', async () => {
    const bad = encodeRows('bad', [
      [0, 'A', {}],
      [1, null, {}],
    ]);
    await expect(stores[0]!.insertSessions([encode('good', ['A']), bad], 0n)).rejects.toThrow();
    for (const user of ['good', 'bad']) {
      const filter = { userIds: [user] };
      const list = await stores[0]!.findEntries({ ...everything, filter }, context);
      expect('objects' in list && String(list.objects)).toBe('');
    }
  });
});

it('a repository closes after the reads in progress, which are answered', async () => {
  const database = await createDatabase();
  const store = await openTestStore(database.url);
  await store.insertSessions(
    [
      encode(
        'u',
        Array.from({ length: 2_000 }, (_, at) => `T${at % 7}`),
      ),
    ],
    0n,
  );
  const reads = Promise.allSettled(
    Array.from({ length: 3 }, () => store.countByType({}, 10, context).then(({ types }) => types.length)),
  );
  // The first read leaves its queue.
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  await store.close();
  const [first] = await reads;
  expect(first).toEqual({ status: 'fulfilled', value: 7 });
  await database.remove();
});

it('a repository is a TypeORM repository of LogEntry that can read, but not write', async () => {
  const database = await createDatabase();
  const store = await openTestStore(database.url);
  await store.insertSessions([encode('u', ['T'])], 0n);
  const repository = store as unknown as Repository<{ id: number; userId: string }>;
  expect(await repository.findBy({ userId: 'u' })).toMatchObject([{ userId: 'u', type: 'T' }]);
  await expect(repository.delete({ userId: 'u' })).rejects.toThrow(/read.?only/i);
  expect(await repository.countBy({ userId: 'u' })).toBe(1);
  await store.close();
  await database.remove();
});

describe('a store that gives out so many bytes at once', () => {
  const kinds = ['its own file', ...(dialect === 'sqlite' ? ['memory'] : [])];

  it.each(kinds)('refuses more of them, and answers other reads, from %s', async (kind) => {
    const database = await createDatabase();
    const url = kind === 'memory' ? 'sqlite::memory:' : database.url;
    const store = await openTestStore(url, {}, 20_000);
    const read = (user: string, limit = 1_000) =>
      store.findEntries({ ...everything, filter: { userIds: [user] }, limit }, context);
    const tooLarge = {
      code: 'RESULT_TOO_LARGE',
      message: expect.stringContaining('more than 20000 bytes'),
      details: { limitBytes: 20_000, retryEndTime: null },
    };
    for (const user of ['long', 'long', 'short']) {
      await store.insertSessions([encode(user, Array<string>(100).fill('x'.repeat(150)))], 0n);
    }
    // So often that SQLite answers several with one statement.
    for (let round = 0; round < 20; round++) {
      const others = [1, 2, 3, 4, 5].map(() => read('short'));
      await expect(read('long')).rejects.toMatchObject(tooLarge);
      for (const list of await Promise.all(others)) expect(list).toHaveProperty('objects');
    }
    // A page, too: the process ends if the driver receives more than the longest string.
    const page = (user: string, first: number) =>
      store.findPage(
        { ...everything, filter: { userIds: [user] }, order: 'TIME_ASC', first, after: undefined },
        context,
      );
    await expect(page('long', 200)).rejects.toMatchObject(tooLarge);
    expect((await page('long', 5)).keys).toHaveLength(5);
    expect(await read('short', 50)).toEqual({ firstTime: 0n, excessTime: 50n });
    expect(await read('nobody')).toHaveProperty('objects');
    await store.close();
    await database.remove();
  });

  it('counts numbers as PostgreSQL writes them, with up to 302 digits', async () => {
    const database = await createDatabase();
    const store = await openTestStore(database.url, {}, 20_000);
    const rows = Array.from({ length: 20 }, (_, at) => [at, 'T', { a: Array<number>(10).fill(1e-300) }]);
    await store.insertSessions([encodeRows('u', rows)], 0n);
    const all = [{ key: 'properties', field: 'properties' }] as const;
    const page = { filter: {}, columns: all, after: undefined, order: 'TIME_ASC' } as const;
    const read = store.findPage({ ...page, first: 20 }, context);
    if (dialect === 'postgres') await expect(read).rejects.toMatchObject({ code: 'RESULT_TOO_LARGE' });
    else expect((await read).keys).toHaveLength(20);
    expect((await store.findPage({ ...page, first: 3 }, context)).keys).toHaveLength(3);
    await store.close();
    await database.remove();
  });
});

describe('a store asked in many forms at once', () => {
  let database: TestDatabase;
  let store: LogEntryRepository;
  beforeAll(async () => {
    database = await createDatabase();
    store = await openTestStore(database.url);
    const rows = Array.from({ length: 200 }, (_, at) => [at, `t${at % 7}`, {}]);
    for (const user of users) {
      await store.insertSessions([encodeRows(user, rows)], 0n);
    }
  });
  afterAll(async () => {
    await store.close();
    await database.remove();
  });

  it('reads nothing for those who want nothing any more when their turn has come', async () => {
    let turns = 0;
    const gone = {
      mustBeLatest: false,
      check() {
        turns++;
        throw new Error('gone');
      },
    };
    const [filter, starts] = [{ startTime: 0n, endTime: 10n }, [0n]];
    const page = { columns, first: 9, after: undefined, order: 'TIME_ASC' } as const;
    const reads = [
      () => store.findEntries(everything, gone),
      () => store.findPage({ ...page, filter }, gone),
      () => store.findPage({ ...page, filter: { ...filter, properties: [] } }, gone),
      () => store.countEntries(filter, 9, gone),
      () => store.countByBucket({ filter, starts, groupBy: undefined, topGroups: 1 }, gone),
      () => store.findSessions({ filter: { userIds: ['a'] }, sessionId: 's', first: 1 }, gone),
    ];
    const outcomes = await Promise.allSettled(reads.map((read) => read()));
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { message: 'gone' } });
    }
    expect(turns).toBe(reads.length);
    // They are in nobody's way.
    expect(await store.findEntries({ ...everything, limit: 0 }, context)).toHaveProperty('excessTime');
  });

  it('answers each read with its own entries', async () => {
    const ask = async (at: number): Promise<void> => {
      const [user, type] = [users[at % 5]!, `t${at % 7}`];
      const [from, to] = [at % 90, 100 + (at % 90)];
      const form = at % 16;
      const query: EntryQuery = {
        columns: [
          { key: `k${at % 9}`, field: 'time' },
          { key: 'user', field: 'userId' },
        ],
        limit: 5_000,
        filter: {
          userIds: form & 1 ? [user] : undefined,
          types: form & 2 ? [type] : undefined,
          startTime: form & 4 ? BigInt(from) : undefined,
          endTime: form & 8 ? BigInt(to) : undefined,
        },
      };
      const list = await store.findEntries(query, context);
      const expected: string[] = [];
      for (let time = form & 4 ? from : 0; time < (form & 8 ? to : 200); time++) {
        if (form & 2 && `t${time % 7}` !== type) continue;
        const instant = `1970-01-01T00:00:00.${String(time).padStart(6, '0').replace(/000$/, '')}Z`;
        for (const name of form & 1 ? [user] : users) {
          expected.push(JSON.stringify({ [`k${at % 9}`]: instant, user: name }));
        }
      }
      expect('objects' in list && String(list.objects)).toBe(expected.join(entrySeparator));
    };
    for (let round = 0; round < caseCount(1, 3); round++) {
      await Promise.all(Array.from({ length: 500 }, (_, at) => ask(at)));
    }
  });
});
