import { expect, it } from '@jest/globals';
import { runFeed } from '../support/feed/run-feed';

const seconds = Number(process.env['FEED_SECONDS'] ?? 60);

it(`gives each consumer each entry once, in one order, for ${seconds} s`, async () => {
  const run = {
    durationMs: seconds * 1_000,
    killInstanceMs: 20_000,
    killReadersMs: 10_000,
    heldMs: 2_000,
  };
  expect(await runFeed(run)).toEqual([]);
});
