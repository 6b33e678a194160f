import { expect, it } from '@jest/globals';
import { QueryTimeoutError } from '../../src/logs/model/errors';
import { createExpensiveReadQueue } from '../../src/storage/work-queue';

const timeoutMs = 50;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const latest = { mustBeLatest: true };

/** A read that takes as long as it may, then fails. */
async function timeOut(): Promise<never> {
  await pause(timeoutMs);
  throw new QueryTimeoutError();
}

it('an expensive read waits for longer than the previous one may take', async () => {
  const read = createExpensiveReadQueue(1, timeoutMs);
  const outcomes = await Promise.allSettled([read(latest, timeOut), read(latest, async () => 'done')]);
  expect(outcomes).toMatchObject([
    { status: 'rejected', reason: { code: 'QUERY_TIMEOUT' } },
    { status: 'fulfilled', value: 'done' },
  ]);
});

it('an expensive read does not wait forever', async () => {
  const read = createExpensiveReadQueue(1, timeoutMs);
  const outcomes = await Promise.allSettled([
    read(latest, () => pause(2_000)),
    read(latest, async () => 'done'),
  ]);
  expect(outcomes).toMatchObject([
    { status: 'fulfilled' },
    { status: 'rejected', reason: { code: 'SERVICE_UNAVAILABLE' } },
  ]);
});

it('an expensive read does not start when its request has failed with the previous one', async () => {
  const read = createExpensiveReadQueue(1, timeoutMs);
  let isAnswered = false;
  let isStarted = false;
  const context = {
    mustBeLatest: false,
    check() {
      if (isAnswered) throw new Error('answered');
    },
  };
  // As many microtasks as between a failure and its response.
  const answer = async (): Promise<void> => {
    for (let step = 0; step < 1_000; step++) await Promise.resolve();
    isAnswered = true;
  };
  const outcomes = await Promise.allSettled([
    read(context, timeOut).catch(answer),
    read(context, async () => {
      isStarted = true;
    }),
  ]);
  expect(outcomes[1]).toMatchObject({ status: 'rejected', reason: { message: 'answered' } });
  expect(isStarted).toBe(false);
});
