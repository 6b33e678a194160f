import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { createLogger } from '../../src/telemetry/logger';
import { createRepeatedLines } from '../../src/telemetry/repeated-lines';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

function setUp() {
  const written: { msg: string; count?: number }[] = [];
  const logger = createLogger('info', {
    write: (line) => written.push(JSON.parse(line) as { msg: string }),
    flush: async () => {},
  });
  const lines = createRepeatedLines(logger, 60_000);
  const log = (kind: string): void =>
    lines.log({ kind, level: 'warn', fields: { kind }, message: 'request failed' });
  return { written, lines, log };
}

it('logs a kind once a minute, with a count', () => {
  const { written, log } = setUp();
  for (let count = 0; count < 360; count++) log('STORAGE_FULL');
  log('QUERY_TIMEOUT');
  expect(written).toMatchObject([{ kind: 'STORAGE_FULL' }, { kind: 'QUERY_TIMEOUT' }]);
  expect(written[0]).not.toHaveProperty('count');
  jest.advanceTimersByTime(60_000);
  expect(written.slice(2)).toMatchObject([{ kind: 'STORAGE_FULL', count: 359 }]);
});

it('logs a kind at once again after a quiet minute', () => {
  const { written, log } = setUp();
  log('STORAGE_FULL');
  jest.advanceTimersByTime(60_000);
  log('STORAGE_FULL');
  expect(written).toHaveLength(2);
});

it('logs the counts that wait when it is flushed, as at the end of the process', () => {
  const { written, lines, log } = setUp();
  for (let count = 0; count < 3; count++) log('STORAGE_FULL');
  lines.flush();
  lines.flush();
  expect(written).toMatchObject([{}, { count: 2 }]);
  expect(written).toHaveLength(2);
});
