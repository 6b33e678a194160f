import { expect, it } from '@jest/globals';
import { releaseMemory } from '../../../src/logs/model/release-memory';

const isReleased = ({ buffer }: Buffer): boolean => buffer.byteLength === 0;

it('releases whole buffers, and those whose views are most of them', () => {
  const [whole, page, entries] = [Buffer.poolSize + 1, 100_000, 100_000].map((bytes) => Buffer.alloc(bytes));
  const views = [0, 40_000, 70_000].map((start) => entries!.subarray(start, start + 20_000));
  releaseMemory(['[', whole!, whole!, page!.subarray(0, 99_000), ...views, ']']);
  expect([whole!, page!, entries!].map(isReleased)).toEqual([true, true, true]);
});

it('releases no buffer of which another part may be in use', () => {
  const [chunk, large, pooled] = [Buffer.alloc(16_384), Buffer.alloc(100_000), Buffer.from('text')];
  releaseMemory([chunk.subarray(0, 16_000), large.subarray(0, 50_000), pooled]);
  expect([chunk, large, pooled].map(isReleased)).toEqual([false, false, false]);
});
