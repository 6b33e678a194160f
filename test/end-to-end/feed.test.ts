import { expect, it } from '@jest/globals';
import { runFeed } from '../support/feed/run-feed';

it('gives each consumer each entry once, in one order, while instances and connections are killed', async () => {
  const run = { durationMs: 10_000, killInstanceMs: 4_000, killReadersMs: 2_000, heldMs: 1_000 };
  expect(await runFeed(run)).toEqual([]);
});
