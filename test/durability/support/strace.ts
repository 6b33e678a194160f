import { open } from 'node:fs/promises';
import { startChild, waitUntil } from '../../support/processes/children';
import { findProgram } from '../../support/processes/programs';

/** Of these, a trace tells what is on disk, and what has been answered. */
const traced = [
  ...['openat', 'open', 'close', 'unlink', 'unlinkat', 'ftruncate', 'fsync', 'fdatasync'],
  ...['write', 'pwrite64', 'writev', 'pwritev', 'accept', 'accept4', 'sendto', 'sendmsg'],
];
const longestString = 16_000_000;
const tailBytes = 10_000;

export const stracePath = findProgram('strace');

/** Makes syncs fail, without having been done: each process or thread counts its own. */
export type Injection = `when=${string}` | 'always';

function inject(injection: Injection): string {
  const when = injection === 'always' ? '' : `:${injection}`;
  return `inject=fsync,fdatasync:error=EIO${when}`;
}

/**
 * What runs a server so that its system calls, and those of its threads, are written down with all their bytes. With
 * `-D`, the process that is started is the server itself, and strace one beside it.
 */
export function straceRunner(file: string, injection?: Injection): string[] {
  return [
    ...[stracePath!, '-D', '-f', '--seccomp-bpf', '-q', '-xx', '-s', `${longestString}`],
    ...['-e', `trace=${traced.join(',')}`, '-e', 'signal=none', '-o', file],
    ...(injection ? ['-e', inject(injection)] : []),
    '--',
  ];
}

/** Waits until strace has written all of it; it says so at the very end. */
export async function waitForTrace(file: string, pid: number): Promise<void> {
  const end = new RegExp(`^${pid} +\\+\\+\\+ (exited|killed)`, 'm');
  await waitUntil('the trace ends', 30_000, async () => end.test(await readTail(file)));
}

async function readTail(file: string): Promise<string> {
  const trace = await open(file);
  try {
    const { size } = await trace.stat();
    const { buffer, bytesRead } = await trace.read({
      buffer: Buffer.alloc(tailBytes),
      position: Math.max(0, size - tailBytes),
    });
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await trace.close();
  }
}

/** From now on, each fsync of the process fails, until the function that it gives back is called. */
export async function failSyncs(pid: number): Promise<() => Promise<void>> {
  const args = ['-f', '-p', `${pid}`, '-e', 'trace=fsync,fdatasync', '-e', inject('always')];
  const strace = startChild(stracePath!, args);
  await waitUntil('strace is attached', 10_000, () => {
    if (strace.ended() !== undefined) throw new Error(`strace ended:\n${strace.output()}`);
    return strace.output().includes('attached');
  });
  return async () => {
    // Told to end, it lets go of the process, which goes on.
    strace.signal('SIGINT');
    await strace.end;
  };
}
