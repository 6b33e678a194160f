import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { atEnd } from './cleanup.mjs';
import { recordSession } from './requests.mjs';

/**
 * Starts a server on a database, and waits until it serves.
 * @param script the server's main module; it reads PORT and DATABASE_URL and says "serves http://…/graphql"
 * @param recording how it is sent a session, when not by `recordSession`
 */
export async function startServer({ name, script, recording = recordSession }, database) {
  const child = spawn(process.execPath, [script], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: '0',
      DATABASE_URL: database.url,
      LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = atEnd(() => child.kill('SIGKILL'));
  const closed = once(child, 'close').then(kill);
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
    recording,
    database,
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
