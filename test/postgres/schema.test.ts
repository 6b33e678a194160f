import { expect, it } from '@jest/globals';
import { createDataSource } from '../../src/storage/postgres/data-source';
import { LogEntry } from '../../src/storage/postgres/log-entry';
import { createDatabase } from '../support/database';

// TypeORM's own comparison does not know the indexes of partitioned tables.
it('the migrations make the very table that the entity describes, and take it back', async () => {
  const database = await createDatabase();
  const dataSource = await createDataSource({ url: database.url, poolSize: 1 }).initialize();
  try {
    await dataSource.runMigrations();
    const { columns, indices, primaryColumns } = dataSource.getMetadata(LogEntry);
    const made: unknown = await dataSource.query(
      `SELECT attname AS name, CASE typname WHEN 'int8' THEN 'bigint' ELSE typname END AS type,
         NOT attnotnull AS nullable, collname AS collation
       FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
         LEFT JOIN pg_collation ON pg_collation.oid = attcollation
       WHERE attrelid = 'log_entry'::regclass AND attnum > 0 ORDER BY attnum`,
    );
    const described = columns.map(({ databaseName, type, isNullable, collation }) => ({
      name: databaseName,
      type,
      nullable: isNullable,
      collation: collation ?? null,
    }));
    expect(made).toEqual(described);

    const indexes: unknown = await dataSource.query(
      `SELECT indexname AS name, replace(substring(indexdef FROM '\\((.*)\\)'), '"', '') AS columns
       FROM pg_indexes WHERE tablename = 'log_entry' ORDER BY indexname`,
    );
    const list = (of: readonly { databaseName: string }[]) =>
      of.map(({ databaseName }) => databaseName).join(', ');
    expect(indexes).toEqual(
      [
        ...indices.map((index) => ({ name: index.name, columns: list(index.columns) })),
        { name: 'log_entry_pkey', columns: list(primaryColumns) },
      ].sort((one, other) => (one.name < other.name ? -1 : 1)),
    );

    await dataSource.undoLastMigration();
    const left: unknown = await dataSource.query(
      `SELECT relname FROM pg_class WHERE relname LIKE 'log_entry%'`,
    );
    expect(left).toEqual([]);
  } finally {
    await dataSource.destroy();
    await database.remove();
  }
});
