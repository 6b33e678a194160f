import files from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeyText } from '../../src/logs/access/api-key';
import type { KeyStore } from '../../src/logs/access/key-store';
import { createWriter, migrations } from '../../src/storage/sqlite/data-source';
import { restore } from '../../src/storage/sqlite/files/restore';
import { runCommand } from '../support/processes/command';
import { startServerProcess } from '../support/processes/server-process';
import { openTestStore } from '../support/database/store';
import { itLong } from '../support/scale';
import { sendHttp } from '../support/server/http';
import { toStoredKey } from '../support/server/keyed-server';
import { startServer } from '../support/server/server';

let directory: string;
let file: string;
let backup: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'log-manager-restore-'));
  file = join(directory, 'log.sqlite');
  backup = join(directory, 'backup.sqlite');
});
afterEach(() => rmSync(directory, { recursive: true }));

const urlOf = (path: string): string => `sqlite:${path}`;
const command = (name: string, argument: string, path = file) =>
  runCommand([name, argument], { DATABASE_URL: urlOf(path) });

/** Records an entry of each type, in a session of its own. */
async function record(types: readonly string[], path = file): Promise<void> {
  const server = await startServer({ DATABASE_URL: urlOf(path) });
  for (const type of types) {
    const { errors } = await server.graphql(`mutation { recordSession(input: {
      userId: "u", sessionId: "s", actions: { time: "2026-01-01T00:00:00Z", type: "${type}" }
    }) { recordedCount } }`);
    expect(errors).toBeUndefined();
  }
  await server.stop();
}

async function entriesIn(path: string): Promise<readonly { id: string; type: string }[]> {
  const server = await startServer({ DATABASE_URL: urlOf(path) });
  const { data } = await server.graphql('{ logs { id type } }');
  await server.stop();
  return data.logs as { id: string; type: string }[];
}

/** The types of the entries in a database, in the order of their ids. */
const typesIn = async (path: string): Promise<readonly string[]> =>
  (await entriesIn(path)).map(({ type }) => type);

const replacedIn = (names: readonly string[]): readonly string[] =>
  names.filter((name) => /^log\.sqlite\.replaced-[-\dT.]+Z$/.test(name));

describe('restore', () => {
  it('replaces the database by the backup, as often as it is called, and keeps each replaced one', async () => {
    await record(['OLD']);
    expect(await command('backup', backup)).toMatchObject({ exitCode: 0 });
    chmodSync(file, 0o640);
    await record(['LOST']);
    for (let times = 1; times <= 2; times++) {
      const { exitCode, stdout, stderr } = await command('restore', backup);
      expect([exitCode, stderr]).toEqual([0, '']);
      const [, replaced] = /^Restored 1 entries from \S+ to \S+\.\nThe database before it is (\S+)\.\n$/.exec(
        stdout,
      )!;
      expect(existsSync(replaced!)).toBe(true);
      expect(replacedIn(readdirSync(directory))).toHaveLength(times);
      expect(statSync(file).mode & 0o777).toBe(0o640);
    }
    expect(await typesIn(file)).toEqual(['OLD']);
    const [first] = [...replacedIn(readdirSync(directory))].sort();
    expect(await typesIn(join(directory, first!))).toEqual(['OLD', 'LOST']);
    expect(await typesIn(backup)).toEqual(['OLD']);
  });

  it('lets no server start on the old database while the backup is copied', async () => {
    await record(['OLD']);
    copyFileSync(file, backup);
    const { copyFile } = files;
    let outcome: unknown;
    jest.spyOn(files, 'copyFile').mockImplementationOnce(async (...args) => {
      const other = await createWriter(file, 1).initialize();
      outcome = await other.query('BEGIN IMMEDIATE').catch((error: unknown) => error);
      await other.destroy();
      await copyFile(...args);
    });
    const { replaced } = await restore(file, backup, new AbortController().signal);
    expect(outcome).toMatchObject({ code: 'SQLITE_BUSY' });
    expect(await typesIn(replaced!)).toEqual(['OLD']);
  });

  it.each(['-wal', '-journal'])('refuses a backup with a log beside it: %s', async (suffix) => {
    await record(['OLD']);
    copyFileSync(file, backup);
    writeFileSync(backup + suffix, '');
    const restoring = restore(file, backup, new AbortController().signal);
    await expect(restoring).rejects.toThrow(`since ${backup}${suffix} exists`);
  });

  it('replaces a database whose server was killed, log and all', async () => {
    await record(['OLD']);
    await command('backup', backup);
    const server = await startServerProcess({ DATABASE_URL: urlOf(file) });
    const input = { userId: 'u', sessionId: 's', actions: [{ time: '2026-01-01T00:00:00Z', type: 'LOST' }] };
    await server.graphql(
      'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }',
      {
        input,
      },
    );
    await server.end('SIGKILL');
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(0);
    expect((await command('restore', backup)).exitCode).toBe(0);
    expect(existsSync(`${file}-wal`)).toBe(false);
    expect(await typesIn(file)).toEqual(['OLD']);
    const [replaced] = replacedIn(readdirSync(directory));
    expect(await typesIn(join(directory, replaced!))).toEqual(['OLD', 'LOST']);
  });

  it('replaces a damaged database, and moves its log away', async () => {
    await record(['OLD']);
    await command('backup', backup);
    writeFileSync(file, 'no database at all. '.repeat(1_000));
    writeFileSync(`${file}-wal`, 'its log');
    expect((await command('restore', backup)).exitCode).toBe(0);
    expect(await typesIn(file)).toEqual(['OLD']);
    const [replaced] = replacedIn(readdirSync(directory));
    expect(readFileSync(join(directory, `${replaced}-wal`), 'utf8')).toBe('its log');
  });

  it('creates a missing database for its owner only', async () => {
    await record(['OLD']);
    await command('backup', backup);
    const other = join(directory, 'new.sqlite');
    const { exitCode, stdout } = await command('restore', backup, other);
    expect([exitCode, stdout]).toEqual([0, `Restored 1 entries from ${backup} to ${other}.\n`]);
    expect(statSync(other).mode & 0o777).toBe(0o600);
    expect(await typesIn(other)).toEqual(['OLD']);
  });

  it('replaces the file that a symbolic link leads to, and ids of lost entries are used again', async () => {
    await record(['OLD']);
    await command('backup', backup);
    await record(['LOST']);
    const linked = join(directory, 'link.sqlite');
    symlinkSync(file, linked);
    const [, lost] = await entriesIn(file);
    expect((await command('restore', backup, linked)).exitCode).toBe(0);
    expect(await typesIn(file)).toEqual(['OLD']);
    await record(['NEW']);
    expect((await entriesIn(file))[1]).toEqual({ ...lost, type: 'NEW' });
  });

  it('takes the backup of an earlier version, which the next start migrates', async () => {
    const old = createWriter(backup).setOptions({ migrations: migrations.slice(0, 1) });
    await old.initialize();
    await old.runMigrations();
    await old.query(`INSERT INTO log_entry (time, type, properties, user_id, session_id, received_at)
      VALUES (0, 'OLD', '{}', 'u', 's', 0)`);
    await old.destroy();
    expect(await command('restore', backup)).toMatchObject({ exitCode: 0, stderr: '' });
    const server = await startServer({ DATABASE_URL: urlOf(file) });
    const { data } = await server.graphql('{ sessions { nodes { sessionId entryCount } } }');
    await server.stop();
    expect(data.sessions.nodes).toEqual([{ sessionId: 's', entryCount: 1 }]);
    await record(['NEW']);
    expect(await typesIn(file)).toEqual(['OLD', 'NEW']);
  });
});

describe('keys', () => {
  async function withKeys<Result>(work: (keys: KeyStore) => Promise<Result>): Promise<Result> {
    const store = await openTestStore(urlOf(file));
    const result = await work(store.keys);
    await store.close();
    return result;
  }
  /** Makes a key that may read, and returns its text. */
  async function create(name: string): Promise<string> {
    const text = createKeyText();
    await withKeys((keys) => keys.insert(toStoredKey(text, { name })));
    return text;
  }
  const revoke = (name: string) => withKeys((keys) => keys.revoke(name, '2026-01-02T00:00:00.000Z'));
  /** The statuses of reads with each key, and without one. */
  const statusesOf = async (...texts: string[]): Promise<readonly number[]> => {
    const server = await startServer({ DATABASE_URL: urlOf(file) });
    const statuses: number[] = [];
    for (const text of [undefined, ...texts]) {
      const headers = text === undefined ? {} : { authorization: `Bearer ${text}` };
      statuses.push((await sendHttp(`${server.url}/logs/`, { headers })).status);
    }
    await server.stop();
    return statuses;
  };

  it('are in a backup, and work after a restore as they did before the backup', async () => {
    await record(['OLD']);
    const kept = await create('kept');
    const ended = await create('ended');
    await revoke('ended');
    expect(await runCommand(['check'], { DATABASE_URL: urlOf(file) })).toMatchObject({ exitCode: 0 });
    expect((await command('backup', backup)).exitCode).toBe(0);
    const before = await withKeys((keys) => keys.list());
    await revoke('kept');
    const later = await create('later');
    expect(await statusesOf(kept, ended, later)).toEqual([401, 401, 401, 200]);
    expect((await command('restore', backup)).exitCode).toBe(0);
    expect(await withKeys((keys) => keys.list())).toEqual(before);
    expect(await statusesOf(kept, ended, later)).toEqual([401, 200, 401, 401]);
  });

  itLong('can be made in a database that was backed up and restored before it was migrated', async () => {
    const fixture = join(__dirname, '..', 'fixtures', 'databases', 'before-api_key.sqlite');
    copyFileSync(fixture, file);
    chmodSync(file, 0o600);
    expect(await runCommand(['check'], { DATABASE_URL: urlOf(file) })).toMatchObject({ exitCode: 0 });
    expect(await command('backup', backup)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(readFileSync(backup).includes('api_key')).toBe(false);
    rmSync(file);
    const { stdout } = await command('restore', backup);
    expect(stdout).toBe(`Restored 7 entries from ${backup} to ${file}.\n`);
    expect(await statusesOf()).toEqual([200]);
    expect(await statusesOf(await create('first'))).toEqual([401, 200]);
  });
});

describe('restore changes nothing', () => {
  /** SQLite creates and removes its log when a database is opened. */
  const listed = (): readonly string[] => readdirSync(directory).filter((name) => !/-(wal|shm)$/.test(name));

  /** The message, once it is clear that the directory is as before. */
  async function refuse(from = backup): Promise<string> {
    const names = listed();
    const before = existsSync(file) ? readFileSync(file) : undefined;
    const { exitCode, stdout, stderr } = await command('restore', from);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: [^\n]+\n( {2}[^\n]+\n)*$/);
    expect(listed()).toEqual(names);
    if (before) expect(readFileSync(file).equals(before)).toBe(true);
    return stderr;
  }

  it('while a server uses the database', async () => {
    await record(['OLD']);
    await command('backup', backup);
    // In a process of its own: reading the file in this one would lose the locks of this one.
    const server = await startServerProcess({ DATABASE_URL: urlOf(file) });
    try {
      expect(await refuse()).toContain(`${file} is in use: stop every server`);
    } finally {
      await server.end();
    }
  });

  it("from a file that is missing, empty, another program's, cut, no database, or the database itself", async () => {
    await record(['OLD']);
    expect(await refuse()).toContain(`there is no backup ${backup}`);
    expect(await refuse(directory)).toContain(`there is no backup ${directory}`);
    expect(await refuse(file)).toContain('is the database itself');
    writeFileSync(backup, '');
    expect(await refuse()).toContain(`${backup} is empty`);
    writeFileSync(backup, 'no database at all. '.repeat(1_000));
    expect(await refuse()).toContain(`${backup} cannot be read: SQLITE_NOTADB`);
    copyFileSync(file, backup);
    truncateSync(backup, statSync(file).size - 4_096);
    expect(await refuse()).toMatch(/SQLITE_CORRUPT|damaged/);
  });

  it('from a backup with a changed character, in the entry or in its index', async () => {
    await record(['SOUND', 'BROKEN']);
    await command('backup', backup);
    const sound = readFileSync(backup);
    const places = [sound.indexOf('BROKEN'), sound.lastIndexOf('BROKEN')];
    expect(new Set(places).size).toBe(2);
    for (const place of places) {
      const bytes = Buffer.from(sound);
      bytes[place] = 'C'.charCodeAt(0);
      writeFileSync(backup, bytes);
      expect(await refuse()).toMatch(`${backup} is damaged:`);
    }
  });

  it('from a database in use, whose log has entries', async () => {
    await record(['OLD']);
    const used = join(directory, 'used.sqlite');
    const server = await startServerProcess({ DATABASE_URL: urlOf(used) });
    try {
      const link = `${used}.link`;
      symlinkSync(used, link);
      for (const name of [used, link]) {
        expect(await refuse(name)).toContain(`${used} is a database in use, since ${used}-wal exists`);
      }
    } finally {
      await server.end();
    }
  });

  it('while another command writes the file beside it', async () => {
    await record(['OLD']);
    await command('backup', backup);
    writeFileSync(`${file}.partial`, 'begun');
    expect(await refuse()).toContain(`${file}.partial already exists`);
  });
});
