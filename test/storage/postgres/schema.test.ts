import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { columns } from '../../../src/storage/key-store';
import { createDataSource } from '../../../src/storage/postgres/data-source';
import { IdempotencyKey } from '../../../src/storage/postgres/schema/idempotency-key';
import { LogEntry } from '../../../src/storage/postgres/schema/log-entry';
import { Session } from '../../../src/storage/postgres/schema/session';
import { createEmptyDatabase, type TestDatabase } from '../../support/database/database';

let database: TestDatabase;
let dataSource: DataSource;
beforeAll(async () => {
  database = await createEmptyDatabase();
  dataSource = await createDataSource({ url: database.url, poolSize: 1 }).initialize();
  await dataSource.runMigrations();
});
afterAll(async () => {
  await dataSource.destroy();
  await database.remove();
});

// TypeORM's own comparison does not know the indexes of partitioned tables.
it.each([[LogEntry], [Session], [IdempotencyKey]])(
  'the migrations make the very table that an entity describes: %p',
  async (entity) => {
    const { columns, indices, primaryColumns, tableName } = dataSource.getMetadata(entity);
    const made: unknown = await dataSource.query(
      `SELECT attname AS name, CASE typname WHEN 'int8' THEN 'bigint' ELSE typname END AS type,
         NOT attnotnull AS nullable, collname AS collation
       FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
         LEFT JOIN pg_collation ON pg_collation.oid = attcollation
       WHERE attrelid = '${tableName}'::regclass AND attnum > 0 ORDER BY attname`,
    );
    const described = columns.map(({ databaseName, type, isNullable, collation }) => ({
      name: databaseName,
      type,
      nullable: isNullable,
      collation: collation ?? null,
    }));
    const byName = (one: { name: string }, other: { name: string }) => (one.name < other.name ? -1 : 1);
    expect(made).toEqual(described.sort(byName));

    const indexes: unknown = await dataSource.query(
      `SELECT indexname AS name, replace(substring(indexdef FROM '\\((.*?)\\)'), '"', '') AS columns
       FROM pg_indexes WHERE tablename = '${tableName}' ORDER BY indexname COLLATE "C"`,
    );
    const list = (of: readonly { databaseName: string }[]) =>
      of.map(({ databaseName }) => databaseName).join(', ');
    expect(indexes).toEqual(
      [
        ...indices.map((index) => ({ name: index.name, columns: list(index.columns) })),
        { name: `${tableName}_pkey`, columns: list(primaryColumns) },
      ].sort(byName),
    );
  },
);

it('the migrations make the table of keys that the statements use', async () => {
  const made: unknown = await dataSource.query(
    `SELECT column_name AS name, collation_name AS collation FROM information_schema.columns
     WHERE table_name = 'api_key' ORDER BY ordinal_position`,
  );
  // The order of names is that of SQLite.
  const expected = Object.values(columns).map((name) => ({ name, collation: name === 'name' ? 'C' : null }));
  expect(made).toEqual(expected);
});

it('the migrations can be taken back', async () => {
  for (let left = dataSource.migrations.length; left > 0; left--) {
    await dataSource.undoLastMigration();
  }
  const left: unknown = await dataSource.query(
    `SELECT relname FROM pg_class WHERE relname ~ '^(log_entry|session|idempotency_key|api_key|erasure|feed)'`,
  );
  expect(left).toEqual([]);
});
