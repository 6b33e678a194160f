import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource, EntityMetadata } from 'typeorm';
import type { LogFilter } from '../../src/logs/filtering/log-filter';
import type { EntryQuery } from '../../src/logs/log-entry-repository';
import { entryFields } from '../../src/logs/model/log-entry';
import { createDataSource } from '../../src/storage/postgres/data-source';
import { postgres } from '../../src/storage/postgres/dialect';
import * as postgresStatements from '../../src/storage/postgres/statements';
import { createQueries } from '../../src/storage/queries';
import { createWriter } from '../../src/storage/sqlite/data-source';
import { sqlite } from '../../src/storage/sqlite/dialect';
import * as sqliteStatements from '../../src/storage/sqlite/statements';

const columns = entryFields.map((field) => ({ key: field, field }));
const read = (filter: LogFilter): EntryQuery => ({ filter, columns, limit: 1_000 });

let dataSource: DataSource;
beforeAll(async () => {
  dataSource = await createWriter(':memory:').initialize();
  await dataSource.runMigrations();
});
afterAll(() => dataSource.destroy());

async function planOf(sql: string, values: readonly unknown[]): Promise<string> {
  const rows = await dataSource.query<{ detail: string }[]>(`EXPLAIN QUERY PLAN ${sql}`, [...values]);
  return rows.map(({ detail }) => detail).join('\n');
}

describe('on SQLite, entries are read in the order of an index', () => {
  const parts = { userIds: ['u'], types: ['t'], startTime: 1n, endTime: 9n };
  const filters = Array.from({ length: 16 }, (_, bits): LogFilter => ({
    userIds: bits & 1 ? parts.userIds : undefined,
    types: bits & 2 ? parts.types : undefined,
    startTime: bits & 4 ? parts.startTime : undefined,
    endTime: bits & 8 ? parts.endTime : undefined,
  }));

  function searchOf({ userIds, types, startTime, endTime }: LogFilter): string {
    const index = userIds ? 'user_time' : types ? 'type_time' : 'time';
    const keys = [
      ...(userIds ? ['user_id=?'] : types ? ['type=?'] : []),
      ...(startTime === undefined ? [] : ['time>?']),
      ...(endTime === undefined ? [] : ['time<?']),
    ];
    return keys.length > 0
      ? `SEARCH log_entry USING INDEX log_entry_${index} (${keys.join(' AND ')})`
      : `SCAN log_entry USING INDEX log_entry_${index}`;
  }

  it.each(filters)('for the filter %o', async (filter) => {
    const queries = createQueries(sqlite, 1_000_000);
    const single = queries.entries(read(filter));
    const plan = await planOf(single.sql, single.values);
    expect(plan).toContain(searchOf(filter));
    expect(plan).not.toContain('TEMP B-TREE');

    const shared = queries.entries(read(filter), (at) => `read.v${at}`);
    const names = shared.values.map((_, at) => `'' AS v${at + 1}`);
    const sql = `WITH read AS MATERIALIZED (SELECT ${['1', ...names].join(', ')}) SELECT (${shared.sql}) FROM read`;
    const sharedPlan = await planOf(sql, []);
    expect(sharedPlan).toContain(searchOf(filter));
    expect(sharedPlan).not.toContain('TEMP B-TREE');
  });

  it('by session, or of several users, whose rows are merged', async () => {
    const queries = createQueries(sqlite, 1_000_000);
    const bySession = queries.entries(read({ ...parts, sessionIds: ['s'] }));
    expect(await planOf(bySession.sql, bySession.values)).toContain(
      'SEARCH log_entry USING INDEX log_entry_session_time (session_id=? AND time>? AND time<?)',
    );
    const merged = queries.entries(read({ userIds: ['u', 'v'] }));
    const plan = await planOf(merged.sql, merged.values);
    expect(plan).toContain('MERGE (UNION ALL)');
    expect(plan.match(/log_entry_user_time \(user_id=\?\)/g)).toHaveLength(2);
    expect(plan).not.toContain('TEMP B-TREE');
  });

  it('and one session by the key of its table', async () => {
    const one = createQueries(sqlite, 1_000_000).sessions({
      filter: { userIds: ['u'] },
      sessionId: 's',
      first: 1,
    });
    expect(await planOf(one.sql, one.values)).toContain(
      'SEARCH session USING PRIMARY KEY (session_id=? AND user_id=?)',
    );
  });

  it.each([
    ['a user', ['u']],
    ['two users', ['u', 'v']],
  ])(
    'and sessions of %s through their entries, of which no more are passed than the page needs',
    async (_of, userIds) => {
      const { sessions, passedEntries } = createQueries(sqlite, 1_000_000);
      const after = { userId: 'u', sessionId: 's', startedAt: 5n };
      const query = { filter: { userIds, startTime: 1n }, first: 20, after };
      const search = 'SEARCH log_entry USING INDEX log_entry_user_time (user_id=? AND time>? AND time<?)';
      const select = sessions(query, 'entries');
      const plan = await planOf(select.sql, select.values);
      expect(plan.split(search)).toHaveLength(userIds.length + 1);
      expect(plan.split('SEARCH session USING PRIMARY KEY')).toHaveLength(userIds.length + 1);
      // Sorts the sessions that start at the same time.
      expect(plan.match(/USE TEMP B-TREE FOR (?!DISTINCT|LAST 2 TERMS OF ORDER BY).*/)).toBeNull();
      const passed = passedEntries(query)!;
      const passedPlan = await planOf(passed.sql, passed.values);
      expect(passedPlan.split(search.replace('INDEX', 'COVERING INDEX'))).toHaveLength(userIds.length + 1);
      expect(passedPlan).not.toContain('TEMP B-TREE');
      const past = sessions(query, 'all');
      expect(past.readClass).toBe('expensive');
      expect(await planOf(past.sql, past.values)).toContain(
        'COVERING INDEX session_started (started_at>? AND (started_at,session_id,user_id)<(?,?,?))',
      );
    },
  );

  it('with a text of the statement that depends on the form of the filter only', () => {
    const { entries } = createQueries(sqlite, 1_000_000);
    const texts = ['u', 'v'].map((user) => entries(read({ ...parts, userIds: [user] })).sql);
    expect(texts[1]).toBe(texts[0]);
  });
});

describe('every statement names tables and columns of the entities only', () => {
  const filter = {
    userIds: ['u'],
    sessionIds: ['s', 's2'],
    types: ['t'],
    startTime: 1n,
    endTime: 9n,
    properties: [{ path: ['a'], predicate: { kind: 'exists', expected: true } }] as const,
  };
  const after = { time: 1n, id: '1' };
  const session = { userId: 'u', sessionId: 's', startedAt: 1n };
  const erase = { sessions: [], endTime: 1n, limit: 1 };

  it.each([
    [
      'SQLite',
      sqlite,
      () => createWriter(':memory:'),
      [sqliteStatements.insertSessions(true), sqliteStatements.eraseEntries, sqliteStatements.deleteKeys],
      // Columns of the views `recording` and `erasing`, which the migrations create.
      'actions known_id known_digest known_at last_id end_time by_user recording erasing',
    ],
    [
      'PostgreSQL',
      postgres,
      () => createDataSource({ url: 'postgres://localhost/x', poolSize: 1 }),
      [
        postgresStatements.insertSessions('[]', 1n, true, 500).sql,
        postgresStatements.eraseEntries(erase).sql,
        postgresStatements.deleteKeys(1n, 1).sql,
      ],
      'session_at action_at log_entry_id set_config lock_timeout erase_entries summed_up',
    ],
  ] as const)('on %s', async (_name, dialect, createSource, statements, otherNames) => {
    const queries = createQueries(dialect, 1_000_000);
    const all = [
      queries.entries(read(filter)),
      queries.entryTimes(read(filter)),
      queries.page({ filter, order: 'TIME_ASC', columns, first: 1, after }),
      queries.count(filter, 1),
      queries.timeRange(filter),
      queries.histogram({ filter, starts: [1n], groupBy: 'USER', topGroups: 1 }),
      queries.types(filter, 1),
      queries.clicks({ filter, x: 'x', y: 'y', cell: 1, limit: 1 }),
      queries.sessions({ filter: { userIds: ['u'], startTime: 1n }, first: 1, after: session }),
      queries.sessions({ filter: { userIds: ['u'] }, sessionId: 's', first: 1 }),
      queries.sessions({ filter: { userIds: ['u'] }, first: 1 }, 'entries'),
      queries.sessions({ filter: { userIds: ['u'] }, first: 1 }, 'all'),
    ].map(({ sql }) => sql);
    const source = createSource();
    // Without a connection: the metadata of the entities is all that is needed.
    await (source as unknown as { buildMetadatas(): Promise<void> }).buildMetadatas();
    const known = new Set(
      source.entityMetadatas.flatMap(({ tableName, columns }: EntityMetadata) => [
        tableName,
        ...columns.map(({ databaseName }) => databaseName),
      ]),
    );
    const functions =
      'group_concat json_each json_type json_quote json_array_length jsonb_each jsonb_extract ' +
      'string_agg jsonb_typeof octet_length date_trunc to_char to_json to_timestamp width_bucket row_number ' +
      'jsonb_array_length jsonb_array_elements';
    const others = new Set(`${functions} ${otherNames}`.split(' '));
    const names = [...all, ...statements]
      .join('\n')
      .replace(/'(?:[^']|'')*'/g, '')
      .match(/\b[a-z]+(?:_[a-z]+)+\b/g)!;
    expect(new Set(names.filter((name) => !known.has(name) && !others.has(name)))).toEqual(new Set());
    for (const name of ['log_entry', 'session', 'idempotency_key', 'user_id', 'received_at']) {
      expect(known).toContain(name);
      expect([...all, ...statements].join('\n')).toContain(name);
    }
  });
});
