import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../support/processes/command';
import { itLong } from '../support/scale';
import { waitFor } from '../support/wait-for';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'log-manager-threads-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const { bin, scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly bin: Record<string, string>;
  readonly scripts: Record<string, string>;
};
const image = /^ENTRYPOINT (.*)$/m.exec(readFileSync(join(root, 'deploy/Dockerfile'), 'utf8'))![1]!;

/** Shell commands, and the file that each executes. */
const ways = [
  ['npm start', scripts['start']!, 'start.cjs'],
  ['the entry point of the image', (JSON.parse(image) as string[]).join(' '), 'dist/src/main.js'],
  ['npm run log-manager', `${scripts['log-manager']} check`, 'log-manager.cjs'],
  ['log-manager', `node ${bin['log-manager']} check`, 'dist/src/cli/main.js'],
] as const;

/** Starts a process in which as many tasks of the pool as it must have threads wait for one another. */
async function startTogether(command: string, entry: string, threads: string, environment = {}) {
  const [fifo, result] = [join(directory, 'fifo'), join(directory, 'result')];
  execFileSync('mkfifo', [fifo]);
  const { PATH = '' } = process.env;
  const child = spawn('sh', ['-c', `exec ${command.replace(/^exec /, '')}`], {
    cwd: root,
    env: {
      PATH,
      ...{ HOST: '127.0.0.1', PORT: '0', DATABASE_URL: `sqlite:${join(directory, 'x.sqlite')}` },
      ...{ FIFO: fifo, RESULT: result, THREADS: threads, ENTRY: entry },
      NODE_OPTIONS: `--require=${join(root, 'test/fixtures/count-pool-threads.cjs')}`,
      ...environment,
    },
    stdio: 'ignore',
  });
  const closed = once(child, 'close');
  try {
    await waitFor(() => existsSync(result));
    return readFileSync(result, 'utf8');
  } finally {
    child.kill('SIGKILL');
    await closed;
  }
}

it.each(ways)('%s: eight tasks of the thread pool run at the same time', async (_, command, entry) => {
  expect(await startTogether(command, entry, '8')).toBe('8');
});

itLong.each(['', '9'])('UV_THREADPOOL_SIZE=%s of the operator counts if it is a number', async (size) => {
  const [, command, entry] = ways[1];
  const environment = { UV_THREADPOOL_SIZE: size };
  expect(await startTogether(command, entry, size || '8', environment)).toBe(size || '8');
});
