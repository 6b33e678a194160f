import type { EntityManager } from 'typeorm';
import { StartError } from '../../start-error';

/** Other tables in the database may belong to other programs. */
const ourTables = ['log_entry', 'session'];

/**
 * Checks the schema before it is migrated.
 * @throws {StartError} if a newer version has migrated it, or if another program has tables with our names
 */
export async function checkSchema(manager: EntityManager): Promise<void> {
  const known = manager.connection.migrations.map((migration) => migration.name!);
  const present = await manager.query<{ name: string }[]>(
    `SELECT relname AS name FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
     WHERE nspname = current_schema() AND relname = ANY($1) AND relkind IN ('r', 'p', 'v', 'm', 'f')`,
    [['migrations', ...ourTables]],
  );
  const names = present.map(({ name }) => name);
  // As JSON, since the table may be another program's, with other columns.
  const selectMigrations = `SELECT to_jsonb(migrations) ->> 'name' AS name FROM migrations`;
  const migrations = names.includes('migrations')
    ? await manager.query<{ name: string | null }[]>(selectMigrations)
    : [];
  const unknown = migrations.find(({ name }) => !known.includes(name!));
  if (migrations.some(({ name }) => name === known[0])) {
    if (!unknown) return;
    throw new StartError(
      `DATABASE_URL: the database was migrated by a newer version of Log Manager (${unknown.name}). ` +
        'Start that version or a later one, or use another database.',
    );
  }
  const other = unknown ? 'migrations' : names.find((name) => ourTables.includes(name));
  if (other === undefined) return;
  throw new StartError(
    `DATABASE_URL: the table ${other} in the database belongs to another program. ` +
      'Use a separate database for Log Manager, or a separate schema (search_path).',
  );
}
