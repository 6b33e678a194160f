import { jest } from '@jest/globals';

/** Fakes intervals and `performance.now`, which move when a test calls `jest.advanceTimersByTime`. */
export function fakeIntervals(): void {
  jest.useFakeTimers({
    doNotFake: [
      'Date',
      'hrtime',
      'nextTick',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setTimeout',
      'clearTimeout',
    ],
  });
}
