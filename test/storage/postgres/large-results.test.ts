import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { OverloadedError, TooManyBytesError } from '../../../src/logs/model/errors';
import type { LogEntryRepository } from '../../../src/logs/log-entry-repository';
import type { QueryContext } from '../../../src/logs/model/read-context';
import { createDatabase, type TestDatabase } from '../../support/database/database';
import { openTestStore } from '../../support/database/store';

const columns = [
  { key: 'id', field: 'id' },
  { key: 'properties', field: 'properties' },
] as const;
const context: QueryContext = { mustBeLatest: true };
const entryCount = 1_000;
const text = (count: number, n: number): string => `${'é'.repeat(count)}${n}`;

let database: TestDatabase;
let store: LogEntryRepository;

beforeAll(async () => {
  database = await createDatabase();
  store = await openTestStore(database.url);
  // Lists of 1, 7 and 60 MB, in which characters have two bytes.
  for (const [user, count] of [
    ['medium', 500],
    ['large', 3_500],
    ['huge', 30_000],
  ] as const) {
    await database.execute(`INSERT INTO log_entry (id, time, type, properties, user_id, session_id, received_at)
      SELECT n + ${count} * 1000, to_timestamp(n), 'T', jsonb_build_object('a', repeat('é', ${count}) || n),
        '${user}', 's', to_timestamp(0) FROM generate_series(0, ${entryCount - 1}) AS n`);
  }
});
afterAll(async () => {
  await store.close();
  await database.remove();
});

const filterOf = (user: string) => ({ userIds: [user] });
const list = (user: string, own = context) =>
  store.findEntries({ filter: filterOf(user), columns, limit: 10_000 }, own);
const largeEntries = Array.from({ length: entryCount }, (_, n) => ({
  id: String(3_500_000 + n),
  properties: { a: text(3_500, n) },
}));
const parse = (objects: string | Buffer): unknown => JSON.parse(`[${objects.toString()}]`);

it('large lists, pages and lines are what they would be at once', async () => {
  const found = await list('large');
  expect('objects' in found && parse(found.objects)).toEqual(largeEntries);

  const filter = filterOf('large');
  const query = { filter, order: 'TIME_DESC', columns, first: 900, after: undefined } as const;
  const page = await store.findPage(query, context);
  expect([page.keys.length, page.hasMore]).toEqual([900, true]);
  expect(parse(page.objects)).toEqual(largeEntries.toReversed().slice(0, 900));
  const { keys, objects, hasMore } = await store.findPage({ ...query, after: page.keys[899] }, context);
  expect([keys.length, hasMore, parse(objects)]).toEqual([
    100,
    false,
    largeEntries.slice(0, 100).toReversed(),
  ]);

  const lines = await store.findLines(
    { ...query, order: 'TIME_ASC', format: 'CSV', first: 1_000, lastId: String(2 ** 50) },
    context,
  );
  expect([lines.count, lines.last]).toEqual([1_000, { time: 999_000_000n, id: '3500999' }]);
  const cells = ['1970-01-01T00:00:07.000Z', 'T', 'large', 's', `{""a"": ""${text(3_500, 7)}""}`];
  expect(lines.text.toString().split('\r\n')[7]).toBe(cells.map((cell) => `"${cell}"`).join(','));
});

it('lists of 1 MB are read in pieces after the first one, and are what they were, as are others beside them', async () => {
  const entries = Array.from({ length: entryCount }, (_, n) => ({
    id: String(500_000 + n),
    properties: { a: text(500, n) },
  }));
  const read = async (user: string) => {
    const found = await list(user);
    if (!('objects' in found)) throw new Error('too many entries');
    return found.objects;
  };
  await read('medium');
  for (let count = 0; count < 2; count++) {
    const objects = await read('medium');
    expect(Buffer.isBuffer(objects)).toBe(true);
    expect(parse(objects)).toEqual(entries);
  }
  // The same statement with other values has no result, or a larger one.
  expect(parse(await read('none'))).toEqual([]);
  expect(parse(await read('medium'))).toEqual(entries);
  expect(parse(await read('large'))).toEqual(largeEntries);
  await read('medium');
  const results = await Promise.all(
    Array.from({ length: 12 }, (_, n) => read(n % 3 === 0 ? 'large' : 'medium')),
  );
  for (const [n, objects] of results.entries()) {
    expect(parse(objects)).toEqual(n % 3 === 0 ? largeEntries : entries);
  }
});

it('a result that no response can hold is refused', async () => {
  await expect(list('huge')).rejects.toThrow(TooManyBytesError);
});

it('a large result is read when there is room for it', async () => {
  const admitted: number[] = [];
  let room = 1_000_000;
  const admit = (bytes: number): void => {
    admitted.push(bytes);
    if (bytes > room) throw new OverloadedError(1_000, '');
  };
  const limited: QueryContext = { ...context, room: () => room, admit };
  for (let count = 1; count <= 2; count++) {
    await expect(list('large', limited)).rejects.toThrow(OverloadedError);
    expect(admitted.length).toBe(count);
  }
  room = 64_000_000;
  expect(await list('large', limited)).toHaveProperty('objects');
  expect(admitted[2]).toBe(admitted[0]);
});

it('many large results at a time are read one after the other', async () => {
  const results = await Promise.all(Array.from({ length: 6 }, () => list('large')));
  for (const found of results) expect('objects' in found && parse(found.objects)).toEqual(largeEntries);
});
