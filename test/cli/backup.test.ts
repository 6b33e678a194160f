import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { settings } from '../../src/config/settings';
import { withDatabase } from '../../src/storage/sqlite/files/with-database';
import { main, runCommand } from '../support/processes/command';
import { createDatabase, type TestDatabase } from '../support/database/database';
import { startServer, type TestServer } from '../support/server/server';
import { startServerProcess } from '../support/processes/server-process';
import { openTestStore } from '../support/database/store';
import { pageFields, walk, type Connection, type List } from '../logs/support/walk';
import { caseCount } from '../support/scale';

const record = `mutation ($input: RecordSessionInput!) {
  recordSession(input: $input) { recordedCount }
}`;

const entries: List = {
  query: `query ($first: Int!, $after: String) {
    logsConnection(first: $first, after: $after) {
      edges { cursor node { type sessionId } } ${pageFields}
    }
  }`,
  connectionOf: (data) => data.logsConnection as Connection,
};

let database: TestDatabase;
let file: string;
let directory: string;
let target: string;
beforeEach(async () => {
  database = await createDatabase();
  file = database.url.replace('sqlite:', '');
  directory = mkdtempSync(join(tmpdir(), 'log-manager-backups-'));
  target = join(directory, 'backup.sqlite');
});
afterEach(async () => {
  await database.remove();
  rmSync(directory, { recursive: true });
});

const backUp = (environment: Record<string, string> = {}, to = target) =>
  runCommand(['backup', to], { DATABASE_URL: database.url, ...environment });

/** Makes the database, with so many entries of about so many bytes. */
async function fill(entryCount: number, bytes = 10): Promise<void> {
  const store = await openTestStore(database.url);
  const action = `[0,"T",${JSON.stringify({ note: 'x'.repeat(bytes) })}]`;
  for (let left = entryCount; left > 0; left -= 100) {
    const count = Math.min(100, left);
    const actions = Array<string>(count).fill(action).join(',');
    await store.insertSessions([{ json: `["u","s",[${actions}],0,0]`, entryCount: count }], 0n);
  }
  await store.close();
}

/** The session of each entry that is there, by what it says of itself. */
async function restore(backup: string): Promise<Map<string, string>> {
  // In place of a database, as if the old one had been moved away.
  const restored = `${backup}.restored`;
  copyFileSync(backup, restored);
  const server: TestServer = await startServer({ DATABASE_URL: `sqlite:${restored}` });
  try {
    const nodes = (await walk(server, entries, 1_000)) as { type: string; sessionId: string }[];
    const stored = new Map(nodes.map(({ type, sessionId }) => [type, sessionId]));
    // Each of them once.
    expect(stored.size).toBe(nodes.length);
    const actions = [{ time: '2026-01-01T00:00:00Z', type: 'T' }];
    const { errors } = await server.graphql(record, {
      input: { userId: 'new', sessionId: 's', actions },
    });
    expect(errors).toBeUndefined();
    return stored;
  } finally {
    await server.stop();
  }
}

describe('a backup', () => {
  const count = caseCount(2, 20);

  it(`taken ${count} times under load restores to every entry acknowledged before it began, in whole sessions`, async () => {
    const server = await startServerProcess({ DATABASE_URL: database.url });
    const acknowledged: string[] = [];
    const sizes = new Map<string, number>();
    let isDone = false;
    const write = async (writer: number): Promise<void> => {
      for (let at = 0; !isDone; at++) {
        const sessionId = `${writer}-${at}`;
        const actions = Array.from({ length: (at % 5) + 1 }, (_, action) => ({
          time: '2026-01-01T00:00:00Z',
          type: `${sessionId}-${action}`,
        }));
        sizes.set(sessionId, actions.length);
        const input = { userId: `user-${writer}`, sessionId, actions };
        const { body } = await server.graphql(record, { input });
        expect(body.errors).toBeUndefined();
        acknowledged.push(...actions.map(({ type }) => type));
        // Enough to write all the time, and little enough to be read twenty times.
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    const writing = Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)));
    const backups: { path: string; count: number; before: readonly string[] }[] = [];
    try {
      for (let at = 0; at < count; at++) {
        const before = [...acknowledged];
        const path = join(directory, `${at}.sqlite`);
        const { exitCode, stdout, stderr } = await backUp({}, path);
        expect([exitCode, stderr]).toEqual([0, '']);
        const line = /^Backed up (\d+) entries to (.*): [\d.]+ MB in [\d.]+ s\.\n$/.exec(stdout);
        expect(line?.[2]).toBe(path);
        backups.push({ path, count: Number(line![1]), before });
      }
    } finally {
      isDone = true;
      await writing;
      await server.end();
    }
    expect(readdirSync(directory).sort()).toEqual(backups.map(({ path }) => basename(path)).sort());

    for (const { path, count, before } of backups) {
      const stored = await restore(path);
      expect(stored.size).toBe(count);
      expect(before.filter((type) => !stored.has(type))).toEqual([]);
      const counts = new Map<string, number>();
      for (const sessionId of stored.values()) {
        counts.set(sessionId, (counts.get(sessionId) ?? 0) + 1);
      }
      const parted = [...counts].filter(([sessionId, stored]) => stored !== sizes.get(sessionId));
      expect(parted).toEqual([]);
    }
    expect(backups.at(-1)!.count).toBeGreaterThan(count * 50);
  }, 240_000);

  it('has what a killed server acknowledged, though nobody has opened the database since', async () => {
    const server = await startServerProcess({ DATABASE_URL: database.url });
    const actions = [{ time: '2026-01-01T00:00:00Z', type: 'LAST' }];
    await server.graphql(record, { input: { userId: 'u', sessionId: 's', actions } });
    await server.end('SIGKILL');
    expect((await backUp()).exitCode).toBe(0);
    expect([...(await restore(target)).keys()]).toEqual(['LAST']);
    expect(readFileSync(`${file}-wal`).length).toBeGreaterThan(0);
  });

  it('has the idempotency keys and the last id, that of an erased entry', async () => {
    const query = `mutation ($input: RecordSessionInput!) {
      recordSession(input: $input) { replayed entries { id } }
    }`;
    const recordTo = async (server: TestServer, userId: string) => {
      const actions = [{ time: '2026-01-01T00:00:00Z', type: 'T' }];
      const input = { userId, sessionId: 's', actions, idempotencyKey: userId };
      return (await server.graphql(query, { input })).data.recordSession;
    };
    const server = await startServer({ DATABASE_URL: database.url, ERASURE_NOTICE_DAYS: '0' });
    const kept = await recordTo(server, 'kept');
    const erased = await recordTo(server, 'former');
    await server.graphql('mutation { deleteUserData(userId: "former") { deletedCount } }');
    await recordTo(server, 'needle');
    await server.stop();
    // As retention does it: the bytes of deleted rows are not looked for.
    const deletion = `DELETE FROM log_entry WHERE user_id = 'needle'; DELETE FROM session WHERE user_id = 'needle'`;
    await database.execute(`PRAGMA secure_delete = OFF; ${deletion}; PRAGMA wal_checkpoint(TRUNCATE)`);
    expect(readFileSync(file).includes('needle')).toBe(true);
    expect((await backUp()).exitCode).toBe(0);
    expect(readFileSync(target).includes('needle')).toBe(false);
    expect(readFileSync(target).includes('former')).toBe(false);
    const restored = await startServer({ DATABASE_URL: `sqlite:${target}` });
    try {
      expect(await recordTo(restored, 'kept')).toEqual({ ...kept, replayed: true });
      expect((await recordTo(restored, 'former')).replayed).toBe(true);
      const [entry] = (await recordTo(restored, 'new')).entries;
      expect(Number(entry.id)).toBeGreaterThan(Number(erased.entries[0].id));
    } finally {
      await restored.stop();
    }
  });

  it('leaves the database as it is, and may be read by nobody who may not read that', async () => {
    await fill(3);
    chmodSync(file, 0o600);
    const before = readFileSync(file);
    expect(await backUp()).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('Backed up 3 entries to '),
    });
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(statSync(target).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(['backup.sqlite']);
  });
});

it('the crontab of docs/backup.md backs up, and deletes old backups only after that has succeeded', async () => {
  await fill(1);
  const [, setting, line] = /^(DATABASE_URL=\S+)\n17 3 \* \* \* (.*)$/m.exec(
    readFileSync('docs/backup.md', 'utf8'),
  )!;
  const root = main.replace('/dist/src/cli/main.js', '');
  const replace = (text: string, url: string) =>
    text
      .replaceAll('\\%', '%')
      .replaceAll('/backups', directory)
      .replace('sqlite:/srv/log-manager/data/log-manager.sqlite', url)
      .replace('/srv/log-manager', root)
      .replace(' node ', ` ${process.execPath} `);
  const runAt = (url: string) => {
    const command = `export ${replace(setting!, url)}; ${replace(line!, url)}`;
    return spawnSync('sh', ['-c', command], { encoding: 'utf8' });
  };
  const days = (age: number) => {
    const name = `${age}.sqlite`;
    writeFileSync(join(directory, name), '');
    utimesSync(join(directory, name), new Date(), Date.now() / 1_000 - age * 86_400);
    return name;
  };
  const names = [13.9, 14.1, 400].map(days).sort();
  expect(runAt(`${database.url}-missing`).status).toBe(1);
  expect(readdirSync(directory).sort()).toEqual(names);
  expect(runAt(database.url)).toMatchObject({ status: 0, stdout: '', stderr: '' });
  const left = readdirSync(directory).sort();
  expect(left).toEqual(['13.9.sqlite', expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.sqlite$/)]);
  expect(statSync(join(directory, left[1]!)).size).toBeGreaterThan(0);
});

it('a backup needs no more space than the database without its free pages', async () => {
  await fill(1_000, 1_000);
  await database.execute('DELETE FROM log_entry WHERE id > 500');
  const sql = 'SELECT page_count - freelist_count AS used FROM pragma_page_count, pragma_freelist_count';
  const { signal } = new AbortController();
  const [pages] = await withDatabase(file, signal, (execute) => execute<{ used: number }>(sql));
  expect((await backUp()).exitCode).toBe(0);
  expect(statSync(target).size).toBeLessThanOrEqual(pages!.used * 4_096);
  expect(statSync(target).size).toBeLessThan(statSync(file).size / 1.5);
});

describe('no backup is made', () => {
  /** The message, once it is clear that nothing was written. */
  async function refuse(environment: Record<string, string> = {}, to = target): Promise<string> {
    const names = readdirSync(directory);
    const { exitCode, stdout, stderr } = await backUp(environment, to);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(readdirSync(directory)).toEqual(names);
    return stderr;
  }

  it('in place of a file that exists, be it only a link that leads nowhere', async () => {
    await fill(1);
    writeFileSync(target, 'precious');
    expect(await refuse()).toContain(`${target} already exists`);
    expect(readFileSync(target, 'utf8')).toBe('precious');
    const link = join(directory, 'link.sqlite');
    symlinkSync(join(directory, 'nowhere'), link);
    expect(await refuse({}, link)).toContain(`${link} already exists`);
    expect(await refuse({}, file)).toContain(`${file} already exists`);
    expect(await refuse({}, directory)).toContain(`${directory} already exists`);
  });

  it('while another one is written to the same place', async () => {
    await fill(1);
    writeFileSync(`${target}.partial`, 'begun');
    expect(await refuse()).toContain(`${target}.partial already exists: another command is running`);
    expect(readFileSync(`${target}.partial`, 'utf8')).toBe('begun');
  });

  it('in a directory that does not exist', async () => {
    await fill(1);
    const to = join(directory, 'missing', 'backup.sqlite');
    expect(await refuse({}, to)).toContain(`there is no directory ${join(directory, 'missing')}`);
  });

  it('of a database that does not exist, which is not created either', async () => {
    expect(await refuse()).toContain(`DATABASE_URL: there is no database ${file}`);
    expect(existsSync(file)).toBe(false);
  });

  it('of a file that is no database, or not one of Log Manager', async () => {
    await database.execute('CREATE TABLE other (id integer)');
    expect(await refuse()).toContain(`DATABASE_URL: ${file} is not a database of Log Manager`);
    const text = join(directory, 'text');
    writeFileSync(text, 'No database, but long enough to be taken for one. '.repeat(100));
    const message = await refuse({ DATABASE_URL: `sqlite:${text}` });
    expect(message).toContain(`${text} (DATABASE_URL)`);
    expect(message).toContain('SQLITE_NOTADB');
  });

  it('of a damaged database', async () => {
    await fill(1_000, 1_000);
    const { size } = statSync(file);
    const handle = openSync(file, 'r+');
    for (let at = 40_960; at < size; at += 40_960) writeSync(handle, Buffer.alloc(4_096, 0xa5), 0, 4_096, at);
    closeSync(handle);
    expect(await refuse()).toMatch(/SQLITE_CORRUPT|damaged/);
  });

  it('when the copy cannot be written to its end', async () => {
    await fill(1_000, 1_000);
    // A file that may not grow stands for a disk that is full: 200 blocks of 512 or 1,024 bytes.
    const { status, stdout, stderr } = spawnSync(
      'sh',
      ['-c', 'ulimit -f 200 && exec "$@"', 'sh', process.execPath, main, 'backup', target],
      { env: { PATH: process.env['PATH'], DATABASE_URL: database.url }, encoding: 'utf8' },
    );
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: no backup of .*: SQLITE_(FULL|IOERR): /);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('of a database in memory', async () => {
    expect(await refuse({ DATABASE_URL: 'sqlite::memory:' })).toContain('sqlite::memory:');
  });

  it('of a PostgreSQL, whose own tools are named', async () => {
    const message = await refuse({ DATABASE_URL: 'postgres://user:secret@db/logs' });
    expect(message).toMatch(/pg_basebackup, pg_dump and pg_restore.*docs\/backup\.md/);
    expect(message).not.toContain('secret');
  });

  it('with wrong settings, all of which are named', async () => {
    const wrong = Object.fromEntries(Object.keys(settings).map((name) => [name, '-']));
    const { exitCode, stdout, stderr } = await backUp(wrong);
    expect([exitCode, stdout]).toEqual([2, '']);
    for (const name of Object.keys(settings)) expect(stderr).toContain(`  ${name}: `);
    expect(stderr).toContain('docs/configuration.md');
    expect(readdirSync(directory)).toEqual([]);
  });

  it('when SIGINT, SIGTERM or SIGHUP comes meanwhile, and nothing is left behind', async () => {
    await fill(1);
    // Large enough to be interrupted; nothing is lost when it is not on disk.
    await database.execute(`PRAGMA synchronous = OFF;
      WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 2000)
      INSERT INTO log_entry (time, type, properties, user_id, session_id, received_at)
        SELECT n, 'T', json_object('note', hex(zeroblob(25000))), 'u', 's', 0 FROM number`);
    const isDue = (): boolean => {
      const partial = statSync(`${target}.partial`, { throwIfNoEntry: false });
      return partial !== undefined && partial.size > 0;
    };
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      const environment = { DATABASE_URL: database.url };
      expect(await runCommand(['backup', target], environment, { name, isDue })).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: `error: no backup of ${file} (DATABASE_URL) was made: interrupted\n`,
      });
      expect(readdirSync(directory)).toEqual([]);
    }
  });
});
