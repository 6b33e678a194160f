import { constants, existsSync } from 'node:fs';
import { access, mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createReader, migrations as allMigrations } from '../data-source';
import { codeOf } from '../../errors';
import { refuse, type Refusal } from './start-errors';

/** Bytes of the first page of a new file (https://www.sqlite.org/pragma.html#pragma_page_size). */
const pageBytes = 4_096;

/** Milliseconds to wait for another process's lock; the caller retries. */
const busyTimeoutMs = 1_000;

/** The directory and the file hold user data: they are created for their owner only. */
const directoryMode = 0o700;
export const fileMode = 0o600;
/** Permissions of users other than the owner. */
const othersMask = 0o077;

/**
 * Checks a file before it is written: it must be missing, empty, or a database of this or an earlier version.
 * Creates its directory and the file; SQLite gives `-wal` and `-shm` the mode of the file.
 * @returns a warning if other users may use an existing file, which keeps its mode
 * @throws {StartError} if it cannot be used
 * @throws {Error} of the driver or the file system, see `toStartError`
 */
export async function checkFile(path: string): Promise<string | undefined> {
  const directory = dirname(path);
  await mkdir(directory, { recursive: true, mode: directoryMode }).catch((error: unknown) => {
    const advice = `Create the directory ${directory}, or use another file.`;
    throw refuse(path, { problem: 'has no directory, and creating it failed', advice }, error);
  });
  await access(directory, constants.W_OK | constants.X_OK);
  const file = await stat(path).catch(() => undefined);
  if (!file) {
    // Another process may create it, too.
    await (await open(path, 'a', fileMode)).close();
    return undefined;
  }
  if (!file.isFile()) throw refuse(path, { problem: 'is not a file', advice: 'Set DATABASE_URL to a file.' });
  for (const used of [path, `${path}-wal`, `${path}-shm`]) {
    await access(used, constants.R_OK | constants.W_OK).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
    });
  }
  const warning = describeMode(path, file.mode);
  if (file.size === 0) return warning;
  // A process died while it created the file; SQLite rolls that back.
  if (file.size <= pageBytes && existsSync(`${path}-journal`)) return warning;
  const refusal = await findForeignSchema(path);
  if (refusal) throw refuse(path, refusal);
  return warning;
}

function describeMode(path: string, mode: number): string | undefined {
  if (process.platform === 'win32' || (mode & othersMask) === 0) return undefined;
  const octal = (mode & 0o777).toString(8).padStart(4, '0');
  return `DATABASE_URL: other users may use ${path} (mode ${octal}). To keep them out, execute chmod 600 ${path}*`;
}

/**
 * Reads the migrations and tables of a database.
 * @returns why it cannot be used as a database of this version; undefined if it can
 */
export async function findForeignSchema(path: string): Promise<Refusal | undefined> {
  // With a log, other processes may be writing, and parts of the database are in the log. Without a log,
  // `immutable` keeps SQLite from creating one beside a file that may belong to another program
  // (https://www.sqlite.org/uri.html#uriimmutable).
  const isQuiet = !existsSync(`${path}-wal`);
  const uri = pathToFileURL(path).href + (isQuiet ? '?immutable=1' : '');
  const dataSource = await createReader(uri, busyTimeoutMs).initialize();
  try {
    return await findForeign(async (sql) => {
      const rows = await dataSource.query<{ name: string }[]>(sql);
      return rows.map(({ name }) => name);
    });
  } catch (error) {
    // Another process may have started to write in between.
    if (isQuiet && existsSync(`${path}-wal`)) return await findForeignSchema(path);
    throw error;
  } finally {
    await dataSource.destroy();
  }
}

async function findForeign(readNames: (sql: string) => Promise<string[]>): Promise<Refusal | undefined> {
  const tables = await readNames(
    `SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite!_%' ESCAPE '!'`,
  );
  const columns = await readNames(`SELECT name FROM pragma_table_info('migrations')`);
  const hasMigrations = columns.includes('name');
  const executed = hasMigrations ? await readNames('SELECT CAST(name AS TEXT) AS name FROM migrations') : [];
  const known = allMigrations.map(({ name }) => name);
  const unknown = executed.find((name) => !known.includes(name));
  if (executed.includes(known[0]!)) {
    if (unknown === undefined) return undefined;
    const problem = `was migrated by a newer version of Log Manager (${unknown})`;
    return { problem, advice: 'Start that version or a later one, or use another file.' };
  }
  // TypeORM's command line creates the table of migrations first.
  const other = unknown ?? tables.find((name) => !hasMigrations || name !== 'migrations');
  if (other === undefined) return undefined;
  const problem = `is a database of another program (it has ${other})`;
  return { problem, advice: 'Use a separate file for Log Manager.' };
}
