import { expect, it } from '@jest/globals';
import { nextTurn } from '../../../src/logs/model/slices';
import { listJson, writeJson } from '../../../src/logs/model/write-json';

/** Keeps the event loop busy, as a piece of large work does. */
function work(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** Counts the turns of the event loop until `work` is done. */
async function countTurns<Result>(result: Promise<Result>): Promise<number> {
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    turns++;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await result;
  isDone = true;
  return turns;
}

it('JSON that takes long to write is written in several turns of the event loop', async () => {
  const items = Array.from({ length: 20 }, (_, at) => at);
  const slow = listJson(items, (item) => {
    work(3);
    return String(item);
  });
  let parts: readonly (string | Buffer)[] = [];
  const written = writeJson(slow, () => {}).then((result) => (parts = result));
  // Two of its items a slice.
  expect(await countTurns(written)).toBeGreaterThanOrEqual(8);
  expect(JSON.parse(parts.join(''))).toEqual(items);
});

it('JSON that takes no time is written at once', async () => {
  expect(await countTurns(writeJson(listJson([1, 2], String), () => {}))).toBe(0);
  expect(await writeJson(listJson([], String), () => {})).toEqual(['[]']);
});

it('large JSON is counted part by part, and ends when the parts are too large together', async () => {
  let bytes = 0;
  const take = (more: number): void => {
    bytes += more;
    if (bytes > 200_000) throw new Error('too large');
  };
  const items = Array<string>(1_000).fill('ü'.repeat(1_000));
  let written = 0;
  const pieces = listJson(items, (item) => {
    written++;
    return JSON.stringify(item);
  });
  await expect(writeJson(pieces, take)).rejects.toThrow('too large');
  expect(written).toBeLessThan(200);
  bytes = 0;
  const some = ['a', Buffer.from('ö'), 'b'.repeat(100_000), 'c'];
  const parts = await writeJson(some, take);
  expect([parts.join(''), bytes]).toEqual([some.join(''), Buffer.byteLength(some.join(''))]);
});

it('only one piece of large work has a slice in a turn', async () => {
  const turns: number[] = [];
  let turn = 0;
  const count = (): void => {
    if (turn++ < 5) setImmediate(count);
  };
  const slices = [1, 2, 3].map(() => nextTurn().then(() => turns.push(turn)));
  setImmediate(count);
  await Promise.all(slices);
  expect(new Set(turns).size).toBe(3);
});
