import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, isInputObjectType, isIntrospectionType, isObjectType } from 'graphql';
import { createWriter } from '../../../src/storage/sqlite/data-source';

describe('schema.graphql', () => {
  it('explains every type, field and argument', () => {
    const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
    const silent: string[] = [];
    const note = (name: string, { description }: { description?: string | null | undefined }) => {
      if (!description) silent.push(name);
    };
    for (const type of Object.values(schema.getTypeMap())) {
      const isBuiltIn = isIntrospectionType(type) || type.astNode === undefined;
      if (isBuiltIn || type.astNode === null) continue;
      note(type.name, type);
      if (!isObjectType(type) && !isInputObjectType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        note(`${type.name}.${field.name}`, field);
        if (!('args' in field)) continue;
        for (const arg of field.args) note(`${type.name}.${field.name}(${arg.name})`, arg);
      }
    }
    expect(schema.getQueryType()?.getFields()).toHaveProperty('logs');
    expect(silent).toEqual([]);
  });
});

describe('the migrations', () => {
  it('make the very tables that the entities describe', async () => {
    const dataSource = await createWriter(':memory:').initialize();
    try {
      await dataSource.runMigrations();
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      expect(upQueries.map(({ query }) => query)).toEqual([]);
      for (let left = dataSource.migrations.length; left > 0; left--) await dataSource.undoLastMigration();
      const before = await dataSource.driver.createSchemaBuilder().log();
      expect(before.upQueries).not.toEqual([]);
    } finally {
      await dataSource.destroy();
    }
  });
});
