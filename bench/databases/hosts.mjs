import { openPostgresHost } from './postgres.mjs';
import { openSqliteHost } from './sqlite.mjs';

/**
 * The kinds of databases. Each opens a host, where the bench may have databases of that kind:
 * - create(name, { isMigrated }) makes a new database in place of an earlier one of that name; unless isMigrated is false,
 *   the migrations of this checkout create its tables
 * - close() ends the host, with all that is in it
 *
 * A database has:
 * - url, as DATABASE_URL
 * - openReader(): rows(sql, ...values) is what a query finds, row by row, its parameters being $1, $2 …; close()
 * - micros(expression): SQL for a time as microseconds since 1970; toTime(micros): a time for a parameter
 * - fill(sessions): stores them, as if at their times
 * - bytes(): how large the table is with its indexes
 */
export const databaseKinds = {
  sqlite: { title: 'SQLite', openHost: openSqliteHost, fullEntries: 10_000_000 },
  postgres: { title: 'PostgreSQL', openHost: openPostgresHost, fullEntries: 20_000_000 },
};
