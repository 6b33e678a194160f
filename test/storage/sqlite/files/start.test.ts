import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { StartError } from '../../../../src/storage/start-error';
import { createSqliteFile, type SqliteFile } from '../../../support/database/sqlite-file';
import { openTestStore } from '../../../support/database/store';

let file: SqliteFile;
beforeEach(() => {
  file = createSqliteFile();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await file.remove();
});

/** Makes the file a store of ours with one entry, and closes it. */
async function createOurs(): Promise<void> {
  const store = await openTestStore(file.url);
  await store.insertSessions([{ json: '["u","s",[[0,"T",{}]],0,0]', entryCount: 1 }], 0n);
  await store.close();
}

/** What the operator is told when the store is refused; everything in the directory must stay as it is. */
async function refusalOf(url = file.url): Promise<string> {
  const contents = () =>
    readdirSync(file.directory, { withFileTypes: true }).map((entry) => [
      entry.name,
      // How far a log has been read is noted beside it.
      entry.isFile() && !entry.name.endsWith('-shm')
        ? readFileSync(join(file.directory, entry.name)).toString('base64')
        : '',
    ]);
  const before = contents();
  const error = await openTestStore(url).then(
    () => new Error('it was not refused'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StartError);
  expect(contents()).toEqual(before);
  const { message } = error as StartError;
  expect(message).toContain(`DATABASE_URL: ${url.replace('sqlite:', '')} `);
  expect(message).not.toContain('\n');
  return message;
}

const newer = `INSERT INTO migrations (timestamp, name) VALUES (1999999999999, 'FromTheFuture1999999999999')`;

describe('at start, a file is refused, and left as it is, when it', () => {
  it.each([
    ['is text', () => writeFileSync(file.path, 'a,b\n1,2\n')],
    ['is long and no database', () => writeFileSync(file.path, Buffer.alloc(100_000, 7))],
  ])('%s', async (_what, make) => {
    make();
    expect(await refusalOf()).toMatch(
      /is damaged, or is not a SQLite database \(SQLITE_NOTADB: .*\)\. Restore a backup/,
    );
  });

  it('was cut off', async () => {
    await createOurs();
    truncateSync(file.path, 8_192);
    expect(await refusalOf()).toMatch(/is damaged.*SQLITE_CORRUPT/);
  });

  it('is overwritten in part', async () => {
    await createOurs();
    const bytes = readFileSync(file.path);
    bytes.fill(0xff, 100, 4_096);
    writeFileSync(file.path, bytes);
    expect(await refusalOf()).toMatch(/is damaged.*SQLITE_CORRUPT/);
  });

  it.each(['DELETE', 'WAL'])('is of another program, in mode %s', async (mode) => {
    await file.execute(`PRAGMA journal_mode = ${mode}; CREATE TABLE invoice (id integer)`);
    await file.close();
    expect(await refusalOf()).toMatch(
      /is a database of another program \(it has invoice\)\. Use a separate file/,
    );
  });

  it('is of another program that has it open, with everything still in the log', async () => {
    await file.execute('PRAGMA journal_mode = WAL; CREATE TABLE invoice (id integer)');
    expect(await refusalOf()).toContain('it has invoice');
  });

  it.each(['link', 'link to a link'])(
    'is a %s to the file of another program that has everything still in the log',
    async (kind) => {
      await file.execute('PRAGMA journal_mode = WAL; CREATE TABLE invoice (id integer)');
      symlinkSync(file.path, `${file.path}.1`);
      symlinkSync(`${file.path}.1`, `${file.path}.2`);
      const url = `${file.url}${kind === 'link' ? '.1' : '.2'}`;
      await expect(openTestStore(url)).rejects.toThrow(`${file.path} is a database of another program`);
      expect(readdirSync(file.directory).filter((name) => /[12]-/.test(name))).toEqual([]);
    },
  );

  it('is a symlink to itself', async () => {
    symlinkSync(file.path, file.path);
    await expect(openTestStore(file.url)).rejects.toThrow(/cannot be found \(ELOOP.*Name a file/);
  });

  it.each([
    ['(id integer, name text)', `(1, 'CreateInvoice1700000000000')`, 'CreateInvoice1700000000000'],
    ['(version integer)', '(1)', 'migrations'],
  ])('is of a program that has migrations of its own: %s', async (columns, row, named) => {
    await file.execute(`CREATE TABLE migrations ${columns}; INSERT INTO migrations VALUES ${row};
      CREATE TABLE invoice (id integer)`);
    await file.close();
    expect(await refusalOf()).toContain(`is a database of another program (it has ${named})`);
  });

  it('was migrated by a newer version', async () => {
    await createOurs();
    await file.execute(newer);
    await file.close();
    expect(await refusalOf()).toMatch(
      /was migrated by a newer version of Log Manager \(FromTheFuture1999999999999\)\. Start that version/,
    );
  });

  it('was migrated by a newer version, which was killed', async () => {
    await createOurs();
    await file.execute(newer);
    const killed = mkdtempSync(join(tmpdir(), 'log-manager-'));
    for (const suffix of ['', '-wal']) copyFileSync(file.path + suffix, `${killed}/x${suffix}`);
    await expect(openTestStore(`sqlite:${killed}/x`)).rejects.toThrow(/newer version/);
    expect(readFileSync(`${killed}/x`)).toEqual(readFileSync(file.path));
    expect(readFileSync(`${killed}/x-wal`)).toEqual(readFileSync(`${file.path}-wal`));
    rmSync(killed, { recursive: true });
  });

  it('is a directory', async () => {
    mkdirSync(file.path);
    expect(await refusalOf()).toContain('is not a file. Set DATABASE_URL to a file.');
  });

  it('would have to be in a directory that cannot be made', async () => {
    writeFileSync(file.path, '');
    const url = `${file.url}/below/x.sqlite`;
    expect(await refusalOf(url)).toMatch(
      /has no directory, and creating it failed \(E\w+: .*\)\. Create the directory .*\/below, or/,
    );
  });

  it('stays locked by another process', async () => {
    await createOurs();
    await file.execute('BEGIN IMMEDIATE');
    const opening = refusalOf();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const clock = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 10_000);
    expect(await opening).toMatch(/is locked by another process \(.*SQLITE_BUSY.*\)\. End that/);
    clock.mockRestore();
    await file.execute('ROLLBACK');
  });

  it('stays locked for as long as a higher DATABASE_BUSY_TIMEOUT_MS says', async () => {
    await createOurs();
    await file.execute('BEGIN IMMEDIATE');
    let error: unknown;
    const opening = openTestStore(file.url, { DATABASE_BUSY_TIMEOUT_MS: '30000' }).catch(
      (reason: unknown) => (error = reason),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    const startedAt = performance.now();
    const clock = jest.spyOn(performance, 'now').mockReturnValue(startedAt + 29_000);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(error).toBeUndefined();
    clock.mockReturnValue(startedAt + 31_000);
    await opening;
    clock.mockRestore();
    expect(String(error)).toContain('is locked by another process');
    await file.execute('ROLLBACK');
  });

  it('is on a full disk, or cannot have durable commits', async () => {
    const original = DataSource.prototype.query;
    const query = jest.spyOn(DataSource.prototype, 'query');
    query.mockRejectedValueOnce(Object.assign(new Error('SQLITE_FULL: full'), { code: 'SQLITE_FULL' }));
    await expect(openTestStore(file.url)).rejects.toThrow(
      /is on a disk that is full \(SQLITE_FULL.*Free space/,
    );
    for (const [name, value] of [
      ['journal_mode', 'delete'],
      ['synchronous', 1],
      ['secure_delete', 0],
    ] as const) {
      query.mockImplementation(async function (this: DataSource, sql: string) {
        return sql === `PRAGMA ${name}` ? [{ [name]: value }] : original.call(this, sql);
      });
      const opening = openTestStore(file.url);
      await expect(opening).rejects.toBeInstanceOf(StartError);
      await expect(opening).rejects.toThrow(`${name} is ${value}, and must be`);
    }
  });
});

describe('at start, as a user who may not write', () => {
  /** Root may, so that a test that runs as root does this as nobody. */
  async function asNobody<Result>(work: () => Promise<Result>): Promise<Result> {
    // What is needed is loaded while it may be read.
    await (await openTestStore('sqlite::memory:')).close();
    const isRoot = process.geteuid!() === 0;
    if (isRoot) process.seteuid!(65_534);
    try {
      return await work();
    } finally {
      if (isRoot) process.seteuid!(0);
    }
  }
  const refusal =
    /cannot be opened for writing \(.*\)\. Let the user of the server write to the file, its -wal/;

  it('a directory in which nothing can be made is refused', async () => {
    chmodSync(file.directory, 0o555);
    expect(await asNobody(() => refusalOf())).toMatch(refusal);
    chmodSync(file.directory, 0o755);
  });

  it('a store in such a directory is refused', async () => {
    await createOurs();
    chmodSync(file.path, 0o666);
    chmodSync(file.directory, 0o555);
    expect(await asNobody(() => refusalOf())).toMatch(refusal);
    chmodSync(file.directory, 0o755);
  });

  it('a store that is read-only is refused', async () => {
    await createOurs();
    chmodSync(file.path, 0o444);
    chmodSync(file.directory, 0o777);
    const message = await asNobody(() =>
      openTestStore(file.url).then(
        () => 'it was not refused',
        (error: unknown) => (error as Error).message,
      ),
    );
    expect(message).toMatch(refusal);
  });
});

describe('at start, a file is taken when it', () => {
  const open = async (): Promise<void> => {
    const store = await openTestStore(file.url);
    await store.ping();
    await store.close();
  };

  it.each([
    ['is missing, and so are directories above it', `/a b%20#?/c/x.sqlite`],
    ['has a name that would mean something in a URI', `/x?y#%41.sqlite`],
  ])('%s', async (_what, name) => {
    for (let time = 0; time < 2; time++) {
      const store = await openTestStore(`sqlite:${file.directory}${name}`);
      await store.ping();
      await store.close();
    }
  });

  it('is empty', async () => {
    writeFileSync(file.path, '');
    await open();
  });

  it('has nothing but an empty table of migrations, as TypeORM leaves it', async () => {
    await file.execute(`CREATE TABLE "migrations" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL,
      "timestamp" bigint NOT NULL, "name" varchar NOT NULL)`);
    await file.close();
    await open();
  });

  it('is named by a symlink whose target does not exist yet', async () => {
    const link = `${file.path}.link`;
    symlinkSync('test.sqlite', link);
    const store = await openTestStore(`sqlite:${link}`);
    await store.insertSessions([{ json: '["u","s",[[0,"T",{}]],0,0]', entryCount: 1 }], 0n);
    expect(statSync(file.path).mode & 0o777).toBe(0o600);
    await store.close();
  });

  it('is ours, and in use by another process', async () => {
    await createOurs();
    await file.execute(`INSERT INTO log_entry (time, type, properties, user_id, session_id, received_at)
      VALUES (0, 'T', '{}', 'u', 's', 0)`);
    await open();
  });

  it('was being made when somebody was ended', async () => {
    // A first page of which nothing has reached the disk, and a journal that says that there was none before.
    writeFileSync(file.path, Buffer.alloc(4_096));
    writeFileSync(`${file.path}-journal`, journalOfNothing());
    await open();
  });
});

/** The header of a journal without pages, for a database that had none (https://www.sqlite.org/fileformat2.html#the_rollback_journal). */
function journalOfNothing(): Buffer {
  const header = Buffer.alloc(512);
  header.set([0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7]);
  header.writeUInt32BE(512, 20);
  header.writeUInt32BE(4_096, 24);
  return header;
}
