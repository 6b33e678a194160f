import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const running = new Set();
const directories = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  for (const directory of directories) removeDirectory(directory);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

/** A directory that is gone when the bench ends, however it ends. */
export function makeDirectory() {
  const directory = mkdtempSync(join(tmpdir(), 'log-manager-bench-'));
  directories.add(directory);
  return directory;
}

export function removeDirectory(directory) {
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  directories.delete(directory);
}

/**
 * Starts a server on a database file, and waits until it serves.
 * @param script the server's main module; it reads PORT and DATABASE_URL and says "serves http://…/graphql"
 */
export async function startServer({ name, script }, file) {
  const child = spawn(process.execPath, [script], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: '0',
      DATABASE_URL: `sqlite:${file}`,
      LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const closed = once(child, 'close').then(() => running.delete(child));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output = (output + text).slice(-10_000)));
  }
  let url;
  while (!url) {
    if (child.exitCode !== null) throw new Error(`${name} did not start:\n${output}`);
    await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), closed]);
    url = /serves (http:\/\/\S+?\/graphql)/i.exec(output)?.[1];
  }
  return {
    name,
    file,
    url,
    memory: () => readMemory(child.pid),
    end: async () => {
      child.kill('SIGTERM');
      await closed;
      if (child.exitCode !== 0) throw new Error(`${name} ended with ${child.exitCode}:\n${output}`);
    },
  };
}

/** @returns bytes of memory now and at most so far; undefined where the system does not tell (it has no /proc) */
function readMemory(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const bytes = (key) =>
      Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(status)[1]) * 1_024;
    return { now: bytes('VmRSS'), peak: bytes('VmHWM') };
  } catch {
    return undefined;
  }
}
