import { expect } from '@jest/globals';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openGraphQL } from '../support/graphql';
import { itLong } from '../../support/scale';

/** Collects all garbage first. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

/** 100,000 for a longer look. */
const count = Number(process.env['DOCUMENTS'] ?? 30_000);
/** What one may leave behind: far less than any document, plan or answer. */
const maxBytesEach = 100;

itLong(
  `${count} different documents, each sent until it has a plan, do not grow memory`,
  async () => {
    const { ask, askKnown, close } = await openGraphQL();
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
          if (at % 1_000 === 0) expect(await askKnown(request)).toBe(expected);
        }
      };
      // Fills the caches.
      await send(0, 20_000);
      const before = heapBytes();
      await send(20_000, 20_000 + count);
      expect(heapBytes() - before).toBeLessThan(count * maxBytesEach);
    } finally {
      await close();
    }
  },
  900_000,
);
