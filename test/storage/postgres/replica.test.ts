import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createKeyText } from '../../../src/logs/access/api-key';
import type { LogEntryRepository } from '../../../src/logs/log-entry-repository';
import { openRepository } from '../../../src/storage/database';
import { createDataSource } from '../../../src/storage/postgres/data-source';
import { createPool, type Query } from '../../../src/storage/postgres/pool';
import { createReplica } from '../../../src/storage/postgres/replica';
import { timeouts } from '../../../src/storage/postgres/timeouts';
import { createDatabase, type TestDatabase } from '../../support/database/database';
import { sendHttp } from '../../support/server/http';
import { toStoredKey } from '../../support/server/keyed-server';
import { startServer } from '../../support/server/server';
import { openTestStore } from '../../support/database/store';
import { createTcpProxy, type TcpProxy } from '../../support/processes/tcp-proxy';

const columns = [{ key: 'type', field: 'type' }] as const;

// Two databases of one server: what it has on disk counts for both, and their entries tell which one has answered.
// Functions before those of pg_catalog let the second one say what a standby says.
let primary: TestDatabase;
let replica: TestDatabase;
let proxy: TcpProxy;
let readUrl: string;
let store: LogEntryRepository | undefined;
let changes: boolean[];
let warnings: string[];

const isInRecovery = 'pg_is_in_recovery() RETURNS boolean';
const database = 'current_database() RETURNS name';
// With a second column, since a function with one has no row to take a field from.
const system = 'pg_control_system(OUT system_identifier bigint, OUT more text)';
const checkpoint = 'pg_control_checkpoint(OUT timeline_id integer, OUT more text)';
const receiver = 'pg_stat_get_wal_receiver(OUT received_tli integer, OUT more text)';

const nameOf = ({ url }: TestDatabase): string => new URL(url).pathname.slice(1);

/** Lets the second database say this of itself from now on, also on connections that are open. */
const claim = (signature: string, value: string): Promise<void> =>
  replica.execute(`CREATE OR REPLACE FUNCTION public.${signature} LANGUAGE sql AS $$ SELECT ${value} $$`);

beforeEach(async () => {
  [primary, replica] = await Promise.all([createDatabase(), createDatabase()]);
  for (const [database, type] of [
    [primary, 'PRIMARY'],
    [replica, 'REPLICA'],
  ] as const) {
    const filled = await openTestStore(database.url);
    await filled.insertSessions([{ json: `["u","s",[[0,"${type}",{}]],0,0]`, entryCount: 1 }], 0n);
    await filled.close();
  }
  await claim('pg_last_wal_replay_lsn() RETURNS pg_lsn', 'pg_catalog.pg_current_wal_flush_lsn()');
  await claim('pg_postmaster_start_time() RETURNS timestamptz', 'to_timestamp(0)');
  await claim(isInRecovery, 'true');
  await claim(database, `'${nameOf(primary)}'::name`);
  await claim(system, `(pg_catalog.pg_control_system()).system_identifier, ''`);
  await claim(checkpoint, `1, ''`);
  await claim(receiver, `NULL::integer, ''`);
  await replica.execute(`ALTER DATABASE ${nameOf(replica)} SET search_path = public, pg_catalog`);
  const url = new URL(replica.url);
  proxy = await createTcpProxy({ host: url.hostname, port: Number(url.port) });
  url.port = String(proxy.port);
  readUrl = url.href;
  changes = [];
  warnings = [];
});
afterEach(async () => {
  await proxy.close();
  await store?.close();
  store = undefined;
  await Promise.all([primary.remove(), replica.remove()]);
});

async function open(): Promise<void> {
  store = await openRepository(
    {
      kind: 'postgres',
      url: primary.url,
      readUrl,
      readMaxLagMs: 400,
      poolSize: 4,
      queryTimeoutMs: 8_000,
      readQueueMs: 10_000,
    },
    {
      onWarning: (error) => warnings.push(String((error as Error).cause ?? error)),
      onReplicaChange: (isUsable) => changes.push(isUsable),
    },
  );
}

/** Who answers. */
async function read(mustBeLatest = false): Promise<string> {
  const list = await store!.findEntries({ filter: {}, columns, limit: 10 }, { mustBeLatest });
  return /PRIMARY|REPLICA/.exec(String('objects' in list && list.objects))![0];
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let at = 0; !isTrue(); at++) {
    if (at === 500) throw new Error('it did not come true within 5 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('reads', () => {
  it('go to the read endpoint, unless they must see what has just been acknowledged', async () => {
    await open();
    await until(() => changes.at(-1) === true);
    expect(await read()).toBe('REPLICA');
    expect(await read(true)).toBe('PRIMARY');
  });

  it('of keys never go to the read endpoint', async () => {
    const text = createKeyText();
    await replica.execute(`INSERT INTO api_key (name, digest, prefix, scopes, created_at)
      VALUES ('other', 'digest', 'lm_', 'read', '2026-01-01T00:00:00.000Z')`);
    await open();
    await until(() => changes.at(-1) === true);
    expect(await store!.keys.insert(toStoredKey(text, { name: 'web' }))).toBe(true);
    expect((await store!.keys.list()).map(({ name }) => name)).toEqual(['web']);
  });

  it('go to the primary while the read endpoint is down, from the start, and come back', async () => {
    await proxy.close();
    await open();
    expect(await read()).toBe('PRIMARY');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await read()).toBe('PRIMARY');
    await proxy.open();
    await until(() => changes.at(-1) === true);
    expect(await read()).toBe('REPLICA');
  });

  it('that lose the read endpoint are answered by the primary', async () => {
    await open();
    await until(() => changes.at(-1) === true);
    for (let round = 0; round < 3; round++) {
      // As many as there are connections: making them takes its time.
      await Promise.all(Array.from({ length: 4 }, () => read()));
      const answers: Promise<string>[] = [];
      for (let at = 0; at < 60; at++) {
        answers.push(read());
        if (at === 30) await proxy.close();
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      const answered = await Promise.all(answers);
      expect(answered.slice(0, 20)).toEqual(Array(20).fill('REPLICA'));
      expect(answered.slice(40)).toEqual(Array(20).fill('PRIMARY'));
      await proxy.open();
      await until(() => changes.at(-1) === true);
    }
  });

  it('leave a read endpoint that hangs', async () => {
    await open();
    await until(() => changes.at(-1) === true);
    const startedAt = performance.now();
    proxy.freeze();
    // Those that it has taken already do not wait until it is given up for good.
    expect(await Promise.all([read(), read(), read()])).toEqual(Array(3).fill('PRIMARY'));
    expect(performance.now() - startedAt).toBeLessThan(timeouts.statementMs);
    expect(await read()).toBe('PRIMARY');
  });

  it('that fail there, as on a table that it does not have yet, are answered by the primary, each by itself', async () => {
    await open();
    await until(() => changes.at(-1) === true);
    await replica.execute('ALTER TABLE log_entry RENAME TO elsewhere');
    expect(await read()).toBe('PRIMARY');
    expect(await read()).toBe('PRIMARY');
    await replica.execute('ALTER TABLE elsewhere RENAME TO log_entry');
    expect(await read()).toBe('REPLICA');
    expect(changes).toEqual([true]);
  });

  it('that take too long there are refused, and nobody else goes to the primary because of them', async () => {
    await open();
    await until(() => changes.at(-1) === true);
    await replica.execute('BEGIN; LOCK TABLE log_entry');
    let isSettled = false;
    const slow = read().finally(() => (isSettled = true));
    slow.catch(() => {});
    // A read that is cancelled before its time is executed again a few times.
    while (!isSettled) {
      await replica.execute(`SELECT pg_cancel_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`);
    }
    await expect(slow).rejects.toMatchObject({ cause: { code: '57014' } });
    await replica.execute('ROLLBACK');
    expect(await read()).toBe('REPLICA');
    expect(changes).toEqual([true]);
  });
});

describe('a replica', () => {
  it('is used only while it has what the primary had so long ago, or more', async () => {
    const dataSource = createDataSource({ url: replica.url, poolSize: 2 });
    const real = createPool(await createDataSource({ url: primary.url, poolSize: 1 }).initialize());
    let position = 0n;
    let isDown = false;
    const watched = createReplica({
      dataSource,
      primary: {
        async read<Row>(query: Query) {
          if (isDown) throw new Error('the primary is down');
          const [row] = await real.read<{ state: string[] }>(query);
          return [{ state: [String(position), ...row!.state.slice(1)] }] as Row[];
        },
        commit: () => Promise.reject(new Error('not asked for')),
        close: () => Promise.resolve(),
      },
      maxLagMs: 400,
      onChange: (isUsable) => changes.push(isUsable),
    });
    try {
      await until(() => changes.at(-1) === true);
      // A position that no replica has reached yet: unknown at first, since it may lag by 400 ms.
      position = 2n ** 62n;
      const startedAt = performance.now();
      await until(() => changes.at(-1) === false);
      expect(performance.now() - startedAt).toBeGreaterThan(250);
      expect(await watched.read({ sql: 'SELECT 1' })).toBeUndefined();
      position = 0n;
      await until(() => changes.at(-1) === true);
      // How far behind a replica is cannot be known then.
      isDown = true;
      await until(() => changes.at(-1) === false);
    } finally {
      await watched.close();
      await real.close();
    }
  });
});

describe('a server behind the read endpoint', () => {
  it.each([
    ['that was promoted', isInRecovery, 'false', /is no standby: it was promoted/],
    ['of another cluster', system, `1::bigint, ''`, /is no copy of the primary/],
    ['with another database', database, `'other'::name`, /database is another one/],
    ['on another timeline', checkpoint, `2, ''`, /is on timeline 2, and the primary on timeline 1/],
    ['that receives another timeline', receiver, `3, ''`, /is on timeline 3, and the primary on timeline 1/],
  ])('%s answers no read, not even the first one after it changed', async (_name, signature, value, why) => {
    await open();
    await until(() => changes.at(-1) === true);
    expect(await read()).toBe('REPLICA');
    // At once, on connections that were checked before.
    await claim(signature, value);
    expect(await read()).toBe('PRIMARY');
    await until(() => changes.at(-1) === false);
    expect(warnings.at(-1)).toMatch(why);
  });

  it('that withholds who it is is not used, and the reason is reported once', async () => {
    await replica.execute(`CREATE OR REPLACE FUNCTION public.${system} LANGUAGE plpgsql
      AS $$ BEGIN RAISE insufficient_privilege
        USING MESSAGE = 'permission denied for function pg_control_system'; END $$`);
    await open();
    await until(() => warnings.length > 0);
    expect(await read()).toBe('PRIMARY');
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(warnings).toEqual([expect.stringMatching(/permission denied for function pg_control_system/)]);
  });

  it('that is the primary itself is used', async () => {
    readUrl = primary.url;
    await open();
    await until(() => changes.at(-1) === true);
    expect(await read()).toBe('PRIMARY');
    expect(changes).toEqual([true]);
  });
});

describe('a server with a read endpoint', () => {
  it('reads its writes when told to in a header, in GraphQL and REST, and shows in its metrics which it uses', async () => {
    const server = await startServer({
      DATABASE_URL: primary.url,
      DATABASE_READ_URL: readUrl,
      READ_MAX_LAG_MS: '400',
    });
    try {
      const usable = async () =>
        /^log_manager_replica_usable (\d)$/m.exec((await sendHttp(`${server.url}/metrics`)).text)![1];
      for (let at = 0; (await usable()) !== '1' && at < 100; at++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const ask = async (headers: Record<string, string>) => {
        const body = '{"query":"{ logs { type } }"}';
        const graphql = await sendHttp(`${server.url}/graphql`, { method: 'POST', headers, body });
        const rest = await sendHttp(`${server.url}/logs/`, { headers });
        return [graphql, rest].map(({ text }) => /PRIMARY|REPLICA/.exec(text)?.[0] ?? text);
      };
      // So often that the fast path answers.
      for (let at = 0; at < 4; at++) {
        expect(await ask({})).toEqual(['REPLICA', 'REPLICA']);
        expect(await ask({ 'x-read-your-writes': '0' })).toEqual(['REPLICA', 'REPLICA']);
        expect(await ask({ 'x-read-your-writes': '1' })).toEqual(['PRIMARY', 'PRIMARY']);
      }
      for (const answer of await ask({ 'x-read-your-writes': 'yes' })) {
        expect(answer).toContain('x-read-your-writes must be 1 or 0');
        expect(answer).toContain('BAD_USER_INPUT');
      }
      await proxy.close();
      expect(await ask({})).toEqual(['PRIMARY', 'PRIMARY']);
      expect(await usable()).toBe('0');
    } finally {
      await server.stop();
    }
  });
});
