import { openPostgresHost } from './postgres.mjs';
import { openSqliteHost } from './sqlite.mjs';

/**
 * The kinds of databases. `openHost` prepares a place for databases of that kind and returns a host:
 * - create(name, { isMigrated }) creates a database and replaces an earlier one of that name; unless
 *   isMigrated is false, the migrations of this checkout create its tables
 * - close() stops the host and deletes its databases
 *
 * A database has:
 * - url: the value of DATABASE_URL
 * - openReader(): { rows(sql, ...values), close() }; `rows` yields the rows of a query with parameters
 *   $1, $2 and so on
 * - micros(expression): SQL that converts a time to microseconds since 1970
 * - toTime(micros): the time as a query parameter
 * - fill(sessions): stores sessions as if each had arrived at its time
 * - bytes(): size of the table and its indexes
 * - countInFiles(text): number of times that a text occurs in the database's files
 */
export const databaseKinds = {
  sqlite: { title: 'SQLite', openHost: openSqliteHost, fullEntries: 10_000_000 },
  postgres: { title: 'PostgreSQL', openHost: openPostgresHost, fullEntries: 20_000_000 },
};
