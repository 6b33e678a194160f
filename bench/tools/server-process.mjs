import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { atEnd } from './cleanup.mjs';
import { recordSession } from './requests.mjs';

/** /proc counts CPU time in ticks of 1/100 s on all architectures that Node supports. */
const microsPerTick = 10_000;

/**
 * Starts a server on a database and waits until it listens.
 * @param script main module of the server; it reads PORT and DATABASE_URL, serves GraphQL at /graphql, and
 *   prints its address, such as http://127.0.0.1:4000/
 * @param recording makes the requests that record a session; `recordSession` by default
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
  let origin;
  while (!origin) {
    if (child.exitCode !== null) throw new Error(`${name} did not start:\n${output}`);
    await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), closed]);
    origin = /(http:\/\/[^\s/]+)\//.exec(output)?.[1];
  }
  return {
    name,
    recording,
    database,
    url: `${origin}/graphql`,
    memory: () => readMemory(child.pid),
    usage: () => ({ cpu: readCpu(child.pid), written: readWritten(child.pid) }),
    end: async () => {
      child.kill('SIGTERM');
      await closed;
      if (child.exitCode !== 0) throw new Error(`${name} ended with ${child.exitCode}:\n${output}`);
    },
  };
}

/** @returns current and peak memory of a process in bytes; undefined without /proc */
function readMemory(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const bytes = (key) => Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(status)[1]) * 1_024;
    return { now: bytes('VmRSS'), peak: bytes('VmHWM') };
  } catch {
    return undefined;
  }
}

/** @returns CPU time of all threads of a process so far, in microseconds; NaN without /proc */
function readCpu(pid) {
  try {
    // proc_pid_stat(5): the name in parentheses is field 2, utime field 14, stime field 15.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * microsPerTick;
  } catch {
    return NaN;
  }
}

/**
 * @returns bytes that a process has caused to be written to disk so far, proc_pid_io(5); NaN without /proc.
 *   0 on tmpfs.
 */
function readWritten(pid) {
  try {
    return Number(/^write_bytes: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))[1]);
  } catch {
    return NaN;
  }
}
