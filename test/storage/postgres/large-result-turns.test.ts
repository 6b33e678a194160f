import { beforeEach, expect, it } from '@jest/globals';
import { types } from 'pg';
import { OverloadedError } from '../../../src/logs/model/errors';
import type { QueryContext } from '../../../src/logs/model/read-context';
import type { Select } from '../../../src/storage/dialect';
import { createLargeResults } from '../../../src/storage/postgres/large-results';
import type { Query } from '../../../src/storage/postgres/pool';

const separator = ',';
const context: QueryContext = { mustBeLatest: false };

let read: ReturnType<typeof createLargeResults>['read'];
/** The text of every statement; null: of too many rows. */
let text: string | null;
let runningCount: number;
let maxRunningCount: number;
let executed: ('whole' | 'pieces')[];

beforeEach(() => {
  ({ read } = createLargeResults({ maxBytes: 32_000_000, maxWaitMs: 10_000, maxLargeReads: 2 }));
  text = '';
  runningCount = maxRunningCount = 0;
  executed = [];
});

const textOf = (kilobytes: number): string =>
  Array.from({ length: kilobytes }, (_, n) => `${n}`.padEnd(499, 'é')).join(separator);

/** What the driver does with the pieces of a text. @returns the row that it makes of the first one */
function parsePieces({ types: own }: Query, pieces: readonly string[]): () => unknown {
  const parse = own!.getTypeParser(types.builtins.VARCHAR) as (piece: string) => unknown;
  const left = [...pieces];
  return () => parse(left.shift()!);
}

async function execute(query: Query): Promise<object[]> {
  executed.push(query.types ? 'pieces' : 'whole');
  maxRunningCount = Math.max(maxRunningCount, ++runningCount);
  await new Promise((resolve) => setTimeout(resolve, 5));
  runningCount--;
  const bytes = text === null ? null : Buffer.byteLength(text);
  if (text === null || bytes! > Number(query.values![0])) return [{ objects: null, bytes }];
  if (!query.types) return [{ objects: text, bytes }];
  const pieces = text === '' ? [] : text.split(separator);
  const next = parsePieces(query, pieces);
  return pieces.length === 0 ? [{ objects: null, bytes }] : pieces.map(() => ({ objects: next(), bytes }));
}

const selectOf = (readClass: Select['readClass'] = 'bounded'): Select => ({
  sql: `SELECT '${readClass}'`,
  values: ['0'],
  readClass,
  largeText: { name: 'objects', separator, others: [], maxBytesAt: 0 },
});

/** Reads some times at once. @returns how many statements were executed at a time */
async function readAll(count: number, select = selectOf(), own = context): Promise<number> {
  maxRunningCount = 0;
  executed = [];
  const reads = Array.from({ length: count }, () =>
    read<{ objects: string | Buffer | null }>(select, own, execute as never),
  );
  for (const [row] of await Promise.all(reads)) expect(row!.objects?.toString() ?? null).toBe(text);
  return maxRunningCount;
}

it('bounded statements with large or unknown results are executed two at a time, others at once', async () => {
  expect(await readAll(6)).toBe(2);
  expect(await readAll(6)).toBe(6);
  text = textOf(1_000);
  await readAll(1);
  expect(await readAll(6)).toBe(2);
  // The lane bounds their number.
  expect(await readAll(6, selectOf('expensive'))).toBe(6);
});

it('small results among large ones let no more of them run', async () => {
  for (const kilobytes of [500, 3_000]) {
    text = textOf(kilobytes);
    await readAll(1);
    text = textOf(1);
    await readAll(1);
    text = textOf(kilobytes);
    expect(await readAll(6)).toBe(2);
    expect(new Set(executed)).toEqual(new Set(['pieces']));
  }
});

it('a small result that was asked for before a large one lets no more of them run', async () => {
  text = textOf(1);
  await readAll(2);
  /** Starts a read. @returns a function that ends it with the text that there is then */
  const start = () => {
    let end!: () => void;
    const may = new Promise<void>((resolve) => (end = resolve));
    const rows = read(selectOf(), context, (async (query: Query) => {
      await may;
      return execute(query);
    }) as never);
    return async () => {
      end();
      await rows;
    };
  };
  const [endSmall, endLarge] = [start(), start()];
  text = textOf(600);
  await endLarge();
  text = textOf(1);
  await endSmall();
  text = textOf(600);
  expect(await readAll(6)).toBe(2);
});

it('a statement is executed once, whatever its last result was', async () => {
  for (const next of [
    textOf(1_000),
    '',
    textOf(1_000),
    textOf(3_900),
    textOf(600),
    null,
    textOf(2_000),
    '',
  ]) {
    text = next;
    await readAll(1);
    expect(executed).toHaveLength(1);
  }
  text = textOf(1_000);
  await readAll(1);
  await readAll(1);
  expect(executed).toEqual(['pieces']);
  // More than 4 MB are read when there is room for them.
  text = textOf(5_000);
  await readAll(1);
  expect(executed).toEqual(['pieces', 'pieces']);
  text = textOf(3_000);
  await readAll(1);
  expect(executed).toEqual(['pieces']);
});

it('a small result keeps no large buffer', async () => {
  text = textOf(3_000);
  await readAll(2);
  text = textOf(100);
  const [row] = await read<{ objects: Buffer }>(selectOf(), context, execute as never);
  expect(executed.at(-1)).toBe('pieces');
  expect(row!.objects.buffer.byteLength).toBe(row!.objects.byteLength);
});

it('rows that come late, of an execution that was given up, change no result', async () => {
  text = textOf(1_000);
  await readAll(1);
  const pieces = text.split(separator);
  const [row] = await read<{ objects: Buffer }>(selectOf(), context, (async (query: Query) => {
    const givenUp = parsePieces(query, pieces);
    for (let n = 0; n < 5; n++) givenUp();
    const rows = await execute(query);
    for (let n = 5; n < pieces.length; n++) givenUp();
    return rows;
  }) as never);
  expect(row!.objects.toString()).toBe(text);
});

it('what waits is not read when there is no room for it any more', async () => {
  text = textOf(1_000);
  await readAll(1);
  let room = Infinity;
  const admit = (bytes: number): void => {
    if (bytes > room) throw new OverloadedError(1_000, '');
  };
  const limited: QueryContext = { ...context, room: () => room, admit };
  executed = [];
  const reads = Array.from({ length: 20 }, () => read(selectOf(), limited, execute as never));
  room = 65_536;
  const results = await Promise.allSettled(reads);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  for (const result of results.slice(2))
    expect(result).toMatchObject({ reason: expect.any(OverloadedError) });
  // Two had begun; a few more find out that there is no room.
  expect(executed.length).toBeLessThan(8);
});
