import type { EntityManager } from 'typeorm';
import { StartError } from '../../start-error';

/** The migrations that create our tables. Other tables in the database may belong to other programs. */
const makers: Readonly<Record<string, string>> = {
  log_entry: 'CreateLogEntry1795500000000',
  session: 'CreateSession1795600000000',
  idempotency_key: 'CreateIdempotencyKey1795700000000',
  api_key: 'CreateApiKey1795770000000',
  erasure: 'CreateFeed1795790000000',
  feed: 'CreateFeed1795790000000',
};

/**
 * Checks the schema before it is migrated.
 * @throws {StartError} if a newer version has migrated it, or if another program has tables with our names
 */
export async function checkSchema(manager: EntityManager): Promise<void> {
  const known = manager.connection.migrations.map((migration) => migration.name!);
  const present = await manager.query<{ name: string }[]>(
    `SELECT relname AS name FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
     WHERE nspname = current_schema() AND relname = ANY($1) AND relkind IN ('r', 'p', 'v', 'm', 'f')`,
    [['migrations', ...Object.keys(makers)]],
  );
  const names = present.map(({ name }) => name);
  // As JSON, since the table may be another program's, with other columns.
  const selectMigrations = `SELECT to_jsonb(migrations) ->> 'name' AS name FROM migrations`;
  const rows = names.includes('migrations')
    ? await manager.query<{ name: string | null }[]>(selectMigrations)
    : [];
  const executed = rows.map(({ name }) => name);
  const [unknown] = executed.filter((name) => !known.includes(name!));
  const isOurs = executed.includes(known[0]!);
  if (isOurs && unknown !== undefined) {
    throw new StartError(
      `DATABASE_URL: the database was migrated by a newer version of Log Manager (${unknown}). ` +
        'Start that version or a later one, or use another database.',
    );
  }
  const isForeign = (name: string): boolean => name in makers && !executed.includes(makers[name]!);
  const other = unknown === undefined ? names.find(isForeign) : 'migrations';
  if (other === undefined) return;
  throw new StartError(
    `DATABASE_URL: the table ${other} in the database belongs to another program. ` +
      'Use a separate database for Log Manager, or a separate schema (search_path).',
  );
}
