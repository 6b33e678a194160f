import { constants, existsSync } from 'node:fs';
import { access, mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { migrations as allMigrations } from '../data-source';
import { codeOf } from '../../errors';
import { closeDatabase, openReadOnly, queryAll } from './read-only';
import { refuse, refuseCompanion, refuseForbidden, type Refusal } from './start-errors';

/** Bytes of the first page of a new file (https://www.sqlite.org/pragma.html#pragma_page_size). */
const pageBytes = 4_096;

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
 * @throws {Error} of the driver, if the file is damaged or locked
 */
export async function checkFile(path: string): Promise<string | undefined> {
  const directory = dirname(path);
  const onForbidden = (error: unknown): never => {
    throw refuseForbidden(path, error);
  };
  await mkdir(directory, { recursive: true, mode: directoryMode }).catch((error: unknown) => {
    const advice = `Create the directory ${directory}, or use another file.`;
    throw refuse(path, { problem: 'has no directory, and creating it failed', advice }, error);
  });
  await access(directory, constants.W_OK | constants.X_OK).catch(onForbidden);
  const file = await stat(path).catch(() => undefined);
  if (!file) {
    const handle = await open(path, 'wx', fileMode).catch((error: unknown) =>
      // Another process may have just created it.
      codeOf(error) === 'EEXIST' ? undefined : onForbidden(error),
    );
    await handle?.close();
    return undefined;
  }
  if (!file.isFile()) throw refuse(path, { problem: 'is not a file', advice: 'Set DATABASE_URL to a file.' });
  await access(path, constants.R_OK | constants.W_OK).catch(onForbidden);
  for (const companion of [`${path}-wal`, `${path}-shm`]) {
    await access(companion, constants.R_OK | constants.W_OK).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw refuseCompanion(path, companion, error);
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

interface Schema {
  /** Names of the executed migrations. */
  readonly migrations: readonly string[];
  /** Other tables and views. */
  readonly others: readonly string[];
}

/**
 * Reads the migrations and tables of a database.
 * @returns why it cannot be used as a database of this version; undefined if it can
 */
export async function findForeignSchema(path: string): Promise<Refusal | undefined> {
  const { migrations, others } = await readSchema(path);
  const known = allMigrations.map(({ name }) => name);
  const unknown = migrations.find((name) => !known.includes(name));
  if (migrations.includes(known[0]!)) {
    if (unknown === undefined) return undefined;
    const problem = `was migrated by a newer version of Log Manager (${unknown})`;
    return { problem, advice: 'Start that version or a later one, or use another file.' };
  }
  // TypeORM's command line creates the table of migrations first.
  const other = unknown ?? others[0];
  if (other === undefined) return undefined;
  const problem = `is a database of another program (it has ${other})`;
  return { problem, advice: 'Use a separate file for Log Manager.' };
}

async function readSchema(path: string): Promise<Schema> {
  // With a log, other processes may be writing, and parts of the database are in the log. Without a log,
  // `immutable` keeps SQLite from creating one beside a file that may belong to another program
  // (https://www.sqlite.org/uri.html#uriimmutable).
  const isQuiet = !existsSync(`${path}-wal`);
  try {
    return await readSchemaAs(path, isQuiet ? '?immutable=1' : '');
  } catch (error) {
    // Another process may have started to write in between.
    if (!isQuiet || !existsSync(`${path}-wal`)) throw error;
    return readSchemaAs(path, '');
  }
}

async function readSchemaAs(path: string, parameters: string): Promise<Schema> {
  const database = await openReadOnly(pathToFileURL(path).href + parameters);
  const readNames = async (sql: string): Promise<string[]> =>
    (await queryAll<{ name: string }>(database, sql)).map(({ name }) => name);
  try {
    const names = await readNames(
      `SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite!_%' ESCAPE '!'`,
    );
    const columns = await readNames(`SELECT name FROM pragma_table_info('migrations')`);
    if (!columns.includes('name')) return { migrations: [], others: names };
    return {
      migrations: await readNames('SELECT CAST(name AS TEXT) AS name FROM migrations'),
      others: names.filter((name) => name !== 'migrations'),
    };
  } finally {
    await closeDatabase(database);
  }
}
