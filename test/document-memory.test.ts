import { expect, test } from '@jest/globals';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openGraphQL } from './support/graphql';

/** Collects all garbage first. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

test('100,000 different documents, each sent until it has a plan, do not grow memory', async () => {
  const { ask, askFastPath, close } = await openGraphQL();
  try {
    const send = async (from: number, to: number): Promise<void> => {
      for (let at = from; at < to; at++) {
        const query =
          at % 20 === 0
            ? `query ($a${at}: String) { logs(user: $a${at}) { b${at}: id time } }`
            : `{ a${at}: __typename }`;
        const request = { query, variables: {}, operationName: undefined };
        const expected = await ask(request);
        await ask(request);
        if (at % 1_000 === 0) expect(await askFastPath(request)).toBe(`${expected}\n`);
      }
    };
    // Fills the caches.
    await send(0, 20_000);
    const before = heapBytes();
    await send(20_000, 120_000);
    expect(heapBytes() - before).toBeLessThan(10_000_000);
  } finally {
    await close();
  }
}, 900_000);
