import { expect, it } from '@jest/globals';
import { createLogOutput, type WriteChunk } from '../../src/telemetry/log-output';

interface Setup {
  readonly writeChunk: WriteChunk;
  readonly maxBytes?: number;
}

function setUp({ writeChunk, maxBytes = 100 }: Setup) {
  const errors: unknown[] = [];
  const output = createLogOutput({
    writeChunk,
    maxBytes,
    retryMs: 5,
    onError: (error) => errors.push(error),
    describeDropped: (count) => `dropped ${count}\n`,
  });
  return { output, errors };
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 30));

it('writes every line in order, also when a write takes only part of it', async () => {
  let written = '';
  const { output } = setUp({
    writeChunk: async (chunk) => {
      const part = chunk.subarray(0, 3);
      written += part.toString();
      return part.length;
    },
  });
  for (const line of ['one\n', 'two\n', 'three\n']) output.write(line);
  await output.flush(1_000);
  expect(written).toBe('one\ntwo\nthree\n');
});

it('reports an outage once, keeps what fits, and says afterwards how many lines were dropped', async () => {
  let isFull = true;
  let written = '';
  const { output, errors } = setUp({
    writeChunk: async (chunk) => {
      if (isFull) throw new Error('ENOSPC');
      written += chunk.toString();
      return chunk.length;
    },
  });
  for (let count = 0; count < 30; count++) output.write('123456789\n');
  await pause();
  expect(errors).toHaveLength(1);
  isFull = false;
  await pause();
  expect(written).toBe(`${'123456789\n'.repeat(10)}dropped 20\n`);
  isFull = true;
  output.write('again\n');
  await pause();
  expect(errors).toHaveLength(2);
});

it('never waits for a destination that does not answer, not even at the end', async () => {
  const { output } = setUp({ writeChunk: () => new Promise(() => {}) });
  for (let count = 0; count < 1_000; count++) output.write('line\n');
  const startedAt = performance.now();
  await output.flush(50);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

it('does not wait for a retry at the end', async () => {
  const { output } = setUp({ writeChunk: () => Promise.reject(new Error('EPIPE')) });
  output.write('line\n');
  const startedAt = performance.now();
  await output.flush(5_000);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

it('keeps 1 MB of lines, and drops and counts the others', async () => {
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  let written = '';
  const output = createLogOutput({
    writeChunk: async (chunk) => {
      await gate;
      written += chunk.toString();
      return chunk.length;
    },
    onError: () => {},
    describeDropped: (count) => `dropped ${count}\n`,
  });
  for (let at = 0; at < 1_010; at++) output.write(`${'x'.repeat(999)}\n`);
  open();
  await output.flush(1_000);
  expect(written.split('\n').length - 2).toBe(1_000);
  expect(written).toMatch(/\ndropped 10\n$/);
});
