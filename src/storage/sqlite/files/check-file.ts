import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createWriter } from '../data-source';
import { closeDatabase, openReadOnly, queryAll } from './read-only';
import { refuse, refuseForbidden } from './start-errors';

/** Bytes of the first page of a new file (https://www.sqlite.org/pragma.html#pragma_page_size). */
const pageBytes = 4_096;

/**
 * Checks a file before it is written: it must be missing, empty, or a database of this or an earlier version.
 * Creates its directory.
 * @throws {StartError} if it cannot be used
 * @throws {Error} of the driver, if the file is damaged or locked
 */
export async function checkFile(path: string): Promise<void> {
  const directory = dirname(path);
  const onForbidden = (error: unknown): never => {
    throw refuseForbidden(path, error);
  };
  await mkdir(directory, { recursive: true }).catch((error: unknown) => {
    const advice = `Create the directory ${directory}, or use another file.`;
    throw refuse(path, { problem: 'has no directory, and creating it failed', advice }, error);
  });
  await access(directory, constants.W_OK | constants.X_OK).catch(onForbidden);
  const file = await stat(path).catch(() => undefined);
  if (!file) return;
  if (!file.isFile()) {
    throw refuse(path, { problem: 'is not a file', advice: 'Name a file.' });
  }
  await access(path, constants.R_OK | constants.W_OK).catch(onForbidden);
  if (file.size === 0) return;
  // A process died while it created the file; SQLite rolls that back.
  if (file.size <= pageBytes && (await exists(`${path}-journal`))) return;
  checkSchema(path, await readSchema(path));
}

interface Schema {
  /** Names of the executed migrations. */
  readonly migrations: readonly string[];
  /** Other tables and views. */
  readonly others: readonly string[];
}

function checkSchema(path: string, { migrations, others }: Schema): void {
  const known = Object.values(createWriter(path).options.migrations ?? {}).map(
    (migration) => (migration as { readonly name: string }).name,
  );
  const unknown = migrations.find((name) => !known.includes(name));
  if (migrations.includes(known[0]!)) {
    if (unknown === undefined) return;
    const problem = `was migrated by a newer version of Log Manager (${unknown})`;
    const advice = 'Start that version or a later one, or name another file.';
    throw refuse(path, { problem, advice });
  }
  // TypeORM's command line creates the table of migrations first.
  const other = unknown ?? others[0];
  if (other === undefined) return;
  const problem = `is a database of another program (it has ${other})`;
  throw refuse(path, { problem, advice: 'Name a file of its own for Log Manager.' });
}

async function readSchema(path: string): Promise<Schema> {
  // With a log, other processes may be writing, and parts of the database are in the log. Without a log,
  // `immutable` keeps SQLite from creating one beside a file that may belong to another program
  // (https://www.sqlite.org/uri.html#uriimmutable).
  const isQuiet = !(await exists(`${path}-wal`));
  try {
    return await readSchemaAs(path, isQuiet ? '?immutable=1' : '');
  } catch (error) {
    // Another process may have started to write in between.
    if (!isQuiet || !(await exists(`${path}-wal`))) throw error;
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

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
