import { EventEmitter } from 'node:events';
import { afterEach, expect, it, jest } from '@jest/globals';
import { ServiceUnavailableError } from '../../../src/logs/model/errors';
import { createPool } from '../../../src/storage/postgres/pool';

afterEach(() => {
  jest.restoreAllMocks();
});

/** Reads on connections each of which is lost, and returns how often it was tried. */
async function countAttempts(onAttempt: () => void): Promise<number> {
  let attempts = 0;
  const pooled = new EventEmitter();
  const connect = async () => {
    const client = {
      connection: { parsedStatements: {}, close: () => {} },
      query: () => {
        attempts++;
        onAttempt();
        return Promise.reject(Object.assign(new Error('lost'), { code: 'ECONNRESET' }));
      },
      release: () => {},
    };
    pooled.emit('connect', client);
    return client;
  };
  const master = Object.assign(pooled, { options: { max: 1 }, connect });
  const pool = createPool({ driver: { master } } as never);
  await expect(pool.read({ sql: 'SELECT 1' })).rejects.toBeInstanceOf(ServiceUnavailableError);
  return attempts;
}

it('a read that loses its connection is retried up to twice, within 1.5 s', async () => {
  expect(await countAttempts(() => {})).toBe(3);
  const startedAt = performance.now();
  const clock = jest.spyOn(performance, 'now').mockReturnValue(startedAt);
  expect(await countAttempts(() => clock.mockReturnValue(startedAt + 1_501))).toBe(1);
  clock.mockReturnValue(startedAt);
  expect(await countAttempts(() => clock.mockReturnValue(startedAt + 1_499))).toBe(3);
});
