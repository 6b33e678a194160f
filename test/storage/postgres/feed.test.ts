import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import {
  comparePositions,
  startOfFeed,
  type ChangesQuery,
  type Position,
} from '../../../src/logs/change-store';
import type { LogEntryRepository } from '../../../src/logs/log-entry-repository';
import { endOfTime } from '../../../src/logs/model/instant';
import { createHorizon } from '../../../src/storage/postgres/feed/horizon';
import { insertSessions } from '../../../src/storage/postgres/statements';
import {
  createDatabase,
  createEmptyDatabase,
  untilReadable,
  type TestDatabase,
} from '../../support/database/database';
import { openTestStore } from '../../support/database/store';
import { caseCount } from '../../support/scale';
import { waitFor } from '../../support/wait-for';

const columns = [{ key: 'type', field: 'type' }] as const;
const context = { mustBeLatest: true };
const everything: ChangesQuery = {
  filter: {},
  columns,
  after: startOfFeed,
  first: 1_000,
  maxBytes: 1_000_000,
};

let database: TestDatabase;
let clients: Client[];
beforeEach(async () => {
  clients = [];
  database = await createDatabase();
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.end()));
  await database.remove();
});

async function connect(url = database.url): Promise<Client> {
  const client = new Client(url);
  clients.push(client);
  await client.connect();
  return client;
}

function encode(type: string, user: string): string {
  const time = Date.now() * 1_000;
  return JSON.stringify([[user, `session ${type}`, [[time, type, {}]], time, time]]);
}

/** Records one entry, in a session of its own, as instances do, of the version before too. */
function record(client: Client, type: string, user = 'u'): Promise<unknown> {
  const { sql, values } = insertSessions(encode(type, user), 0n, false, 4_000);
  return client.query({ text: sql, values: [...values!], name: 'record' });
}

async function withStore<Result>(work: (store: LogEntryRepository) => Promise<Result>, url = database.url) {
  const store = await openTestStore(url);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

async function read({ changes }: LogEntryRepository, after: Position = startOfFeed) {
  const page = await changes.find({ ...everything, after }, context);
  const entries = JSON.parse(`[${page.objects.toString()}]`) as { type: string }[];
  return { ...page, types: entries.map(({ type }) => type) };
}

describe('the order of commits', () => {
  it('has nothing of what began after an open transaction, until that has ended', () =>
    withStore(async (store) => {
      const [first, second] = [await connect(), await connect()];
      await record(second, 'before');
      await untilReadable(database);
      await first.query('BEGIN');
      await record(first, 'first');
      await record(second, 'second');
      const page = await read(store);
      expect([page.types, page.hasMore]).toEqual([['before'], false]);
      await first.query('COMMIT');
      await untilReadable(database);
      expect((await read(store)).types).toEqual(['before', 'first', 'second']);
      expect((await read(store, page.end)).types).toEqual(['first', 'second']);
    }));

  it('is held back by a transaction of another database that writes, and not by a read', () =>
    withStore(async (store) => {
      const [other, reader] = [await connect(process.env['TEST_POSTGRES_URL']), await connect()];
      await reader.query('BEGIN; SELECT FROM log_entry');
      await other.query('BEGIN; SELECT pg_current_xact_id()');
      await record(await connect(), 'late');
      expect((await read(store)).types).toEqual([]);
      await other.query('ROLLBACK');
      await untilReadable(database);
      expect((await read(store)).types).toEqual(['late']);
    }));

  it('misses nothing while four writers commit, one of them late', () =>
    withStore(async (store) => {
      const count = caseCount(100, 5_000);
      let writing = 4;
      const write = async (writer: number): Promise<void> => {
        const client = await connect();
        for (let at = 0; at < count; at++) {
          await client.query('BEGIN');
          await record(client, `${writer} ${at}`);
          // The first writer stays behind the others, and some transactions leave nothing.
          if (writer === 0) await new Promise((resolve) => setTimeout(resolve, 3));
          await client.query(at % 5 === 4 ? 'ROLLBACK' : 'COMMIT');
        }
        writing--;
      };
      const seen: string[] = [];
      let after = startOfFeed;
      const follow = async (): Promise<void> => {
        for (let isLast = false; !isLast;) {
          isLast = writing === 0;
          if (isLast) await untilReadable(database);
          const page = await read(store, after);
          expect(comparePositions(page.end, after)).toBeGreaterThanOrEqual(0);
          seen.push(...page.types);
          after = page.end;
          isLast &&= !page.hasMore;
        }
      };
      await Promise.all([follow(), ...[0, 1, 2, 3].map(write)]);
      expect(seen).toHaveLength(4 * count * 0.8);
      const again: string[] = [];
      for (let from = startOfFeed, hasMore = true; hasMore;) {
        const page = await read(store, from);
        again.push(...page.types);
        ({ end: from, hasMore } = page);
      }
      expect(again).toEqual(seen);
      for (const writer of ['0', '1', '2', '3']) {
        const own = seen.filter((type) => type.startsWith(`${writer} `)).map((type) => Number(type.slice(2)));
        expect(own).toEqual([...own].sort((one, other) => one - other));
      }
    }));

  it('gives partitions that are created later the column, its default and its index', () =>
    withStore(async (store) => {
      const client = await connect();
      await client.query(`CREATE TABLE log_entry_1999_01 (LIKE log_entry INCLUDING ALL);
        INSERT INTO log_entry_1999_01 (time, id, type, properties, user_id, session_id, received_at)
          VALUES ('1999-01-02', 1, 'own', '{}', 'u', 's', now())`);
      const { rows } = await client.query(`SELECT commit_id > 0 AS "hasCommit",
          (SELECT count(*)::int FROM pg_indexes WHERE tablename = 'log_entry_1999_01'
            AND indexdef LIKE '%(commit_id, id)') AS indexes FROM log_entry_1999_01`);
      expect(rows).toEqual([{ hasCommit: true, indexes: 1 }]);
      await untilReadable(database);
      expect((await read(store)).types).toEqual([]);
    }));
});

describe('a rolling upgrade', () => {
  it('loses nothing of an instance of the version before that goes on', async () => {
    const old = await createEmptyDatabase();
    try {
      const dump = join(__dirname, '..', '..', 'fixtures', 'databases', 'before-feed.sql');
      await old.execute(readFileSync(dump, 'utf8'));
      const client = await connect(old.url);
      await record(client, 'before');
      const { rows } = await client.query('SELECT id FROM log_entry ORDER BY id');
      const open = await connect(old.url);
      await open.query('BEGIN');
      await record(open, 'open');
      // The migration waits for the transaction, which still writes as before.
      const opening = openTestStore(old.url);
      const isWaiting = `SELECT FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'`;
      await waitFor(async () => (await client.query(isWaiting)).rowCount! > 0);
      await open.query('COMMIT');
      const store = await opening;
      try {
        await record(client, 'after');
        await untilReadable(old);
        const { types, positions } = await read(store);
        expect(types.slice(-3)).toEqual(['before', 'open', 'after']);
        expect(positions.slice(0, -2).map(({ id }) => String(id))).toEqual(
          rows.map(({ id }) => id as string),
        );
        expect(positions.map(({ commit }) => commit > 0)).toEqual([
          ...Array(rows.length + 1).fill(false),
          true,
        ]);
      } finally {
        await store.close();
      }
    } finally {
      await Promise.all(clients.splice(0).map((client) => client.end()));
      await old.remove();
    }
  });
});

describe('the epoch', () => {
  /** A position, and a database as after pg_dump and restore into another cluster. */
  const moveTo = (system: string) => `UPDATE feed SET system_identifier = '${system}'`;

  it('stays the same when an instance starts again', async () => {
    const epochOf = () => withStore(async (store) => (await read(store)).epoch);
    expect(await epochOf()).toBe(await epochOf());
  });

  it('changes in another cluster, whose ids start low again, and commits still come later', async () => {
    const client = await connect();
    const before = await withStore(async (store) => {
      await record(client, 'a');
      await untilReadable(database);
      return read(store);
    });
    await client.query(`${moveTo('1')}; UPDATE log_entry SET commit_id = commit_id + 1000000000`);
    await withStore(async (store) => {
      await record(client, 'b');
      await changes(store).noteErasure({ userId: 'v', sessionId: undefined, erasedAt: 0n });
      await record(client, 'c');
      await untilReadable(database);
      const after = await read(store);
      expect(after.epoch).not.toBe(before.epoch);
      expect([after.types, after.erasures]).toEqual([['a', 'b'], [expect.objectContaining({ userId: 'v' })]]);
      expect((await read(store, after.end)).types).toEqual(['c']);
    });
  });

  it('changes where only the ids of commits show that the cluster is another one', async () => {
    const client = await connect();
    const before = await withStore(async (store) => (await read(store)).epoch);
    await record(client, 'a');
    await client.query(
      'UPDATE log_entry SET commit_id = commit_id + 1000000000; UPDATE feed SET system_identifier = NULL',
    );
    await withStore(async (store) => {
      await record(client, 'b');
      await untilReadable(database);
      const { epoch, types } = await read(store);
      expect([epoch === before, types]).toEqual([false, ['a', 'b']]);
    });
  });

  it('is there for a role that may not read the identifier of the cluster', async () => {
    const role = new URL(database.url).pathname.slice(1);
    await database.execute(`REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC;
      CREATE ROLE ${role} LOGIN PASSWORD 'guest'; ALTER DATABASE ${role} OWNER TO ${role};
      DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION ${role}`);
    try {
      const url = new URL(database.url);
      [url.username, url.password] = [role, 'guest'];
      const epochOf = () => withStore(async (store) => (await read(store)).epoch, url.href);
      const epoch = await epochOf();
      expect(epoch).toMatch(/^\w{16}$/);
      expect(await epochOf()).toBe(epoch);
    } finally {
      await database.execute(
        `ALTER DATABASE ${role} OWNER TO CURRENT_USER; DROP OWNED BY ${role}; DROP ROLE ${role}`,
      );
    }
  });
});

const changes = (store: LogEntryRepository) => store.changes;

describe('an erasure', () => {
  it('waits for open transactions, and takes their entries too', () =>
    withStore(async (store) => {
      const [writer, later] = [await connect(), await connect()];
      await writer.query('BEGIN');
      await record(writer, 'gone');
      let position: Position | undefined;
      const noting = changes(store)
        .noteErasure({ userId: 'u', sessionId: undefined, erasedAt: 0n })
        .then((noted) => (position = noted));
      const isNoted = 'SELECT FROM erasure';
      await waitFor(async () => (await later.query(isNoted)).rowCount! > 0);
      await record(later, 'kept', 'v');
      expect(position).toBeUndefined();
      await writer.query('COMMIT');
      const before = await noting;
      const sessions = [
        { userId: 'u', sessionId: 'session gone' },
        { userId: 'v', sessionId: 'session kept' },
      ];
      await store.eraseEntries({ sessions, before, endTime: endOfTime, limit: 10 });
      await changes(store).finishErasure(before, true);
      expect(await changes(store).findUnfinished(1n)).toEqual([]);
      await untilReadable(database);
      const page = await read(store);
      expect([page.types, page.erasures.length]).toEqual([[], 1]);
      expect((await read(store, page.end)).types).toEqual(['kept']);
    }));

  it('stays unfinished while an entry before it may still come', () =>
    withStore(async (store) => {
      const writer = await connect();
      await writer.query('BEGIN');
      await record(writer, 'late');
      const noting = changes(store).noteErasure({ userId: 'u', sessionId: undefined, erasedAt: 0n });
      const unfinished = () => changes(store).findUnfinished(1n);
      await waitFor(async () => (await unfinished()).length > 0);
      const { position } = (await unfinished())[0]!;
      await changes(store).finishErasure(position, true);
      expect(await unfinished()).toHaveLength(1);
      await writer.query('COMMIT');
      expect(await noting).toEqual(position);
      await changes(store).finishErasure(position, true);
      expect(await unfinished()).toEqual([]);
    }));
});

describe('the horizon', () => {
  it('tells how long a transaction has held it back, and names it after 5 s', async () => {
    const open = await connect(`${database.url}?application_name=slow-import`);
    const client = await connect();
    await open.query('BEGIN');
    const { rows } = await open.query<{ id: string }>('SELECT pg_current_xact_id()::text AS id');
    await record(client, 'later');
    const warnings: string[] = [];
    const nowMs = performance.now.bind(performance);
    let skippedMs = 0;
    performance.now = () => nowMs() + skippedMs;
    const horizon = createHorizon({
      read: async ({ sql, values = [] }) => (await client.query(sql, [...values])).rows as never[],
      onWarning: (error, message) => warnings.push(`${message}: ${(error as Error).message}`),
    });
    try {
      let looks = 0;
      const end = horizon.watch(() => looks++);
      await waitFor(() => looks > 0);
      expect(horizon.lagSeconds()).toBeLessThan(5);
      skippedMs = 6_000;
      // A suite that runs beside this one may have an older transaction in the cluster.
      const own = () =>
        warnings.filter((line) => line.includes(`Transaction ${rows[0]!.id} has been open for `));
      await waitFor(() => own().length > 0);
      expect(horizon.lagSeconds()).toBeGreaterThanOrEqual(5);
      expect(own()).toHaveLength(1);
      expect(own()[0]).toMatch(
        /: pid \d+, user postgres, application slow-import, database test_\w+, idle in/,
      );
      await open.query('COMMIT');
      await waitFor(() => horizon.lagSeconds() === 0);
      end();
    } finally {
      performance.now = nowMs;
      await horizon.close();
    }
  });
});
