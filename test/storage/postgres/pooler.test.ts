import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { OutcomeUnknownError, ServiceUnavailableError } from '../../../src/logs/model/errors';
import { StartError } from '../../../src/storage/start-error';
import { createDatabase, type TestDatabase } from '../../support/database/database';
import { openTestStore } from '../../support/database/store';
import { freePorts } from '../../support/processes/free-ports';
import { findProgram, report } from '../../support/processes/programs';

const pgbouncer = findProgram('pgbouncer');
const needs = 'a pooler in front of PostgreSQL';
if (!pgbouncer) report(`skipped: ${needs}: install pgbouncer (apt-get install pgbouncer)`);

(pgbouncer ? describe : describe.skip)(needs, () => {
  let database: TestDatabase;
  let pooler: ChildProcess;
  let directory: string;
  let port: number;
  /** Writes the configuration, with this mode for the databases whose mode changes. */
  let configure: (mode: string) => void;

  beforeAll(async () => {
    database = await createDatabase();
    [port] = (await freePorts(1)) as [number];
    directory = mkdtempSync(join(tmpdir(), 'log-manager-pgbouncer-'));
    const { hostname, port: serverPort, username, password, pathname } = new URL(database.url);
    const server = `host=${hostname} port=${serverPort} user=${username} password=${password} dbname=${pathname.slice(1)}`;
    const modes = ['session', 'transaction', 'statement'];
    const file = join(directory, 'pgbouncer.ini');
    configure = (mode) =>
      writeFileSync(
        file,
        `[databases]
${modes.map((own) => `${own} = ${server} pool_mode=${own}`).join('\n')}
robin = ${server} pool_mode=transaction
changing0 = ${server} pool_mode=${mode}
changing61000 = ${server} pool_mode=${mode}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
admin_users = admin
`,
      );
    configure('session');
    chmodSync(directory, 0o755);
    // It refuses to run as root.
    const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
    pooler = spawn(pgbouncer!, [...user, file], { stdio: ['ignore', 'ignore', 'pipe'] });
    let output = '';
    pooler.stderr!.setEncoding('utf8').on('data', (text: string) => (output += text));
    while (!(await isListening())) {
      if (pooler.exitCode !== null) throw new Error(`PgBouncer did not start:\n${output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    if (pooler.exitCode === null) {
      const closed = once(pooler, 'close');
      pooler.kill('SIGKILL');
      await closed;
    }
    rmSync(directory, { recursive: true });
    await database.remove();
  });

  function isListening(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('error', () => resolve(false));
      socket.once('connect', () => resolve(true)).once('connect', () => socket.destroy());
    });
  }

  const urlOf = (mode: string): string => `postgres://log@127.0.0.1:${port}/${mode}`;

  async function administer(sql: string): Promise<void> {
    const client = new Client({ connectionString: urlOf('pgbouncer').replace('log@', 'admin@') });
    await client.connect();
    await client.query(sql);
    await client.end();
  }

  async function countEntries(): Promise<number> {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query<{ count: string }>('SELECT count(*) FROM log_entry');
    await client.end();
    return Number(rows[0]!.count);
  }

  const columns = [{ key: 'type', field: 'type' }] as const;
  const json = JSON.stringify(['u', 's', [[0, 'T', {}]], 0, 0]);

  it('that pools by session is served, with all limits set', async () => {
    const store = await openTestStore(urlOf('session'));
    try {
      await store.insertSessions([{ json, entryCount: 1 }], 0n);
      const list = await store.findEntries({ filter: {}, columns, limit: 9 }, { mustBeLatest: false });
      expect(list).toMatchObject({ objects: '{"type":"T"}' });
    } finally {
      await store.close();
    }
    // The pooler gives the same backends again, after it has reset them.
    await (await openTestStore(urlOf('session'))).close();
  });

  it.each(['transaction', 'statement'])('that pools by %s is refused at start', async (mode) => {
    const opening = openTestStore(urlOf(mode));
    await expect(opening).rejects.toBeInstanceOf(StartError);
    await expect(opening).rejects.toThrow(
      /^DATABASE_URL: a connection pooler, such as PgBouncer, pools by .*pool_mode = session/,
    );
  });

  it('that pools by transaction, with several backends in turn, is refused at start', async () => {
    await administer('SET server_round_robin = 1');
    const others = [1, 2, 3].map(() => new Client({ connectionString: urlOf('robin') }));
    try {
      for (const client of others) await client.connect();
      await Promise.all(others.map((client) => client.query('BEGIN; SELECT pg_sleep(0.05); COMMIT')));
      await expect(openTestStore(urlOf('robin'))).rejects.toThrow(/pool_mode = session/);
    } finally {
      for (const client of others) await client.end();
      await administer('SET server_round_robin = 0');
    }
  });

  it.each([
    ['the next statement', 0, '26000'],
    ['the check of each minute', 61_000, '08P01'],
  ])('that begins to pool by transaction is found by %s, which stores nothing', async (_by, ms, code) => {
    configure('session');
    await administer('RELOAD');
    const before = await countEntries();
    const store = await openTestStore(urlOf(`changing${ms}`));
    const insert = () => store.insertSessions([{ json, entryCount: 1 }], 0n);
    const others = [1, 2, 3, 4].map(() => new Client({ connectionString: urlOf(`changing${ms}`) }));
    try {
      await insert();
      // The connection is free a moment after its commit is acknowledged. Another insert before that opens a second one.
      await new Promise((resolve) => setTimeout(resolve, 50));
      configure('transaction');
      await administer('RELOAD');
      await insert();
      // Other clients have the backends that are free now.
      for (const client of others) {
        await client.connect();
        await client.query('BEGIN');
      }
      const now = performance.now() + ms;
      if (ms > 0) jest.spyOn(performance, 'now').mockReturnValue(now);
      const error: unknown = await insert().catch((problem: unknown) => problem);
      jest.restoreAllMocks();
      expect(error).toBeInstanceOf(ServiceUnavailableError);
      expect(error).not.toBeInstanceOf(OutcomeUnknownError);
      expect(error).toMatchObject({ cause: { code } });
      expect(await countEntries()).toBe(before + 2);
    } finally {
      jest.restoreAllMocks();
      for (const client of others) await client.end();
      await store.close();
    }
  });
});
