import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { endOfTime, microsPerDay } from '../../../src/logs/model/instant';
import { createWriter } from '../../../src/storage/sqlite/data-source';
import { sqlite } from '../../../src/storage/sqlite/dialect';
import {
  entryFields,
  type EntryColumn,
  type EntryField,
  type LogEntry,
} from '../../../src/logs/model/log-entry';
import { textOf } from '../../logs/support/instants';

let dataSource: DataSource;
beforeAll(async () => (dataSource = await createWriter(':memory:').initialize()));
afterAll(() => dataSource.destroy());

const entryOf = (fields: readonly EntryField[]): string =>
  sqlite.renderEntry(fields.map((field) => ({ key: field, field })));

it('renders times from 1970 to 9999', async () => {
  const dayCount = Number(endOfTime / microsPerDay);
  const randomTime = (): bigint => BigInt(Math.floor(Math.random() * Number(microsPerDay)));
  const timeIn = [() => 0n, () => microsPerDay - 1n, () => (randomTime() / 1_000n) * 1_000n, randomTime];
  const times = Array.from(
    { length: 20_000 },
    (_, at) => BigInt(Math.floor(Math.random() * dayCount)) * microsPerDay + timeIn[at % 4]!(),
  ).concat(0n, 999n, 1_000n, endOfTime - microsPerDay, endOfTime - 1n);
  const rows = await dataSource.query<{ micros: string; entry: string }[]>(
    `SELECT CAST(time AS text) AS micros, ${entryOf(['time'])} AS entry
     FROM (SELECT value AS time FROM json_each('[${times.join(',')}]'))`,
  );
  const expected = times.map((time) => ({
    micros: `${time}`,
    entry: JSON.stringify({ time: textOf(time) }),
  }));
  expect(rows).toEqual(expected);
});

it('renders entries with long and short properties, names and ids', async () => {
  const fields = [...entryFields, ...entryFields].map((field, at) => ({ key: `${field}${at}`, field }));
  const columns: readonly EntryColumn[] = [...fields, { key: 'constant', constant: `'"` }];
  for (const length of [1, 782, 783, 784, 2_000, 32_000]) {
    for (const idLength of [1, 200, 1_000]) {
      const entry: LogEntry = {
        id: '7',
        time: '1970-01-01T00:00:00.000Z',
        type: `"${'ü'.repeat(idLength)}\n`,
        properties: { a: 'x'.repeat(length), b: null },
        userId: `'${'u'.repeat(idLength)}`,
        sessionId: '\u0001s\\',
        receivedAt: '1970-01-01T00:00:00.001Z',
      };
      const [row] = await dataSource.query<{ entry: string }[]>(
        `SELECT ${sqlite.renderEntry(columns)} AS entry
         FROM (SELECT 7 AS id, 0 AS time, ? AS type, ? AS properties, ? AS user_id, ? AS session_id,
           1000 AS received_at)`,
        [entry.type, JSON.stringify(entry.properties), entry.userId, entry.sessionId],
      );
      const rendered = {
        ...Object.fromEntries(fields.map(({ key, field }) => [key, entry[field]])),
        constant: `'"`,
      };
      expect(row!.entry).toBe(JSON.stringify(rendered));
    }
  }
});

it.each([1, 2, 100])('renders %i columns', async (count) => {
  const columns = Array.from({ length: count }, (_, at) => ({
    key: `received${at}`,
    field: 'receivedAt' as const,
  }));
  const [row] = await dataSource.query<{ entry: string }[]>(
    `SELECT ${sqlite.renderEntry(columns)} AS entry FROM (SELECT 1000 AS received_at)`,
  );
  const receivedAt = '1970-01-01T00:00:00.001Z';
  expect(row!.entry).toBe(JSON.stringify(Object.fromEntries(columns.map(({ key }) => [key, receivedAt]))));
});

it('renders an entry whose time is damaged', async () => {
  const [row] = await dataSource.query<{ entry: string }[]>(
    `SELECT ${entryOf(['time', 'properties'])} AS entry FROM (SELECT 9e18 AS time, '{}' AS properties)`,
  );
  expect(row!.entry).toMatch(/^\{"time":.*,"properties":\{\}\}$/);
});
