import { expect, it } from '@jest/globals';
import { QueryTimeoutError } from '../../src/logs/model/errors';
import { createExpensiveReadQueue } from '../../src/storage/work-queue';

const timeoutMs = 50;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const latest = { mustBeLatest: true };

/** A scan that takes as long as one may. */
async function timeOut(): Promise<never> {
  await pause(timeoutMs);
  throw new QueryTimeoutError();
}

it('a scan waits for longer than the one before it may take', async () => {
  const scan = createExpensiveReadQueue(1, timeoutMs);
  const outcomes = await Promise.allSettled([
    scan(latest, timeOut),
    scan(latest, async () => 'done'),
  ]);
  expect(outcomes).toMatchObject([
    { status: 'rejected', reason: { code: 'QUERY_TIMEOUT' } },
    { status: 'fulfilled', value: 'done' },
  ]);
});

it('a scan does not wait forever', async () => {
  const scan = createExpensiveReadQueue(1, timeoutMs);
  const outcomes = await Promise.allSettled([
    scan(latest, () => pause(2_000)),
    scan(latest, async () => 'done'),
  ]);
  expect(outcomes).toMatchObject([
    { status: 'fulfilled' },
    { status: 'rejected', reason: { code: 'SERVICE_UNAVAILABLE' } },
  ]);
});

it('a scan is left out when its request was answered with the failure of the one before it', async () => {
  const scan = createExpensiveReadQueue(1, timeoutMs);
  let isAnswered = false;
  let isScanned = false;
  const context = {
    mustBeLatest: false,
    check() {
      if (isAnswered) throw new Error('answered');
    },
  };
  // As many steps as between a failure and its answer.
  const answer = async (): Promise<void> => {
    for (let step = 0; step < 1_000; step++) await Promise.resolve();
    isAnswered = true;
  };
  const outcomes = await Promise.allSettled([
    scan(context, timeOut).catch(answer),
    scan(context, async () => {
      isScanned = true;
    }),
  ]);
  expect(outcomes[1]).toMatchObject({ status: 'rejected', reason: { message: 'answered' } });
  expect(isScanned).toBe(false);
});
