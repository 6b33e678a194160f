import { it } from '@jest/globals';

/** Whether `npm run test:all` runs, which takes minutes for what `npm test` does in seconds. */
export const isAll = process.env['TEST_ALL'] === '1';

/** The number of generated cases: `few` in `npm test`, `many` in `npm run test:all`. */
export function caseCount(few: number, many: number): number {
  return isAll ? many : few;
}

/** A test that takes so long that `npm test` skips it. */
export const itLong: typeof it = (isAll ? it : it.skip) as typeof it;
