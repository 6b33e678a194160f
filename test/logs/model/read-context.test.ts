import { beforeEach, expect, it } from '@jest/globals';
import { OverloadedError, TooManyBytesError } from '../../../src/logs/model/errors';
import { createReadContext, type ReadContext } from '../../../src/logs/model/read-context';

/** Above Buffer.poolSize, 64 KiB from Node 24 on: smaller buffers share memory, and are not freed. */
const maxBytes = 1_000_000;
let room: number;
let context: ReadContext;
beforeEach(() => {
  room = 1_000_000;
  context = createReadContext({
    mustBeLatest: false,
    maxEntries: 1,
    maxBytes,
    admit: (bytes) => {
      if (bytes > room) throw new OverloadedError(0, '');
    },
  });
});

it('what is read counts before it is shown, and more than once if it is shown more than once', () => {
  room = 60_000;
  context.admitResult(Buffer.alloc(20_000));
  context.admitResult(Buffer.alloc(20_000), 2);
  expect(() => context.admitResult(Buffer.alloc(20_001))).toThrow(OverloadedError);
});

it('a refused request ends its other reads, and frees their results', () => {
  const [admitted, refused, late] = [100_000, 200_000, 100_000].map((bytes) => Buffer.alloc(bytes));
  context.admitResult(admitted!);
  room = 250_000;
  expect(() => context.admitResult(refused!)).toThrow(OverloadedError);
  room = 10_000_000;
  expect(() => context.check()).toThrow(OverloadedError);
  expect(() => context.admitResult(late!)).toThrow(OverloadedError);
  expect([admitted, refused, late].map((buffer) => buffer!.length)).toEqual([100_000, 0, 0]);
});

it('a request with too large a response ends its other reads, and frees their results', () => {
  const result = Buffer.alloc(100_000);
  expect(() => context.take(maxBytes + 1)).toThrow(TooManyBytesError);
  expect(() => context.admitResult(result)).toThrow(TooManyBytesError);
  expect(result).toHaveLength(0);
});
