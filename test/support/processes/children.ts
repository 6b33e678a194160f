import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { setprivPath } from './programs';

export interface Child {
  readonly pid: number;
  /** What it has written lately, on both streams. */
  output(): string;
  /** How it has ended: an exit code or a signal's name. Undefined while it runs. */
  ended(): number | string | undefined;
  /** Settles when it has ended. */
  readonly end: Promise<number | string>;
  signal(signal: NodeJS.Signals): void;
  /** Sends it to what it has forked, too. */
  signalAll(signal: NodeJS.Signals): void;
  /** Ends it and everything it has forked, at once and for sure. */
  kill(): Promise<void>;
}

interface ChildOptions {
  readonly environment?: Record<string, string>;
  /** Whom it runs as; absent means as oneself. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

const keptOutput = 200_000;
const running = new Set<Child>();
const lastSteps: (() => Promise<void>)[] = [];

/**
 * Starts a program in a process group of its own. The kernel ends it when this process ends without having done so:
 * a run that is aborted leaves no servers behind.
 */
export function startChild(
  command: string,
  args: readonly string[],
  { environment, user }: ChildOptions = {},
): Child {
  const { PATH = '' } = process.env;
  const spawned = spawn(setprivPath!, ['--pdeathsig', 'KILL', '--', command, ...args], {
    cwd: '/',
    env: { PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...user,
  });
  let output = '';
  for (const stream of [spawned.stdout, spawned.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-keptOutput);
    });
  }
  let ended: number | string | undefined;
  const end = new Promise<number | string>((resolve) => {
    // "exit" and not "close": children that it has left behind may hold its streams open.
    spawned.on('exit', (code, signal) => {
      ended = code ?? signal ?? 'unknown';
      running.delete(child);
      resolve(ended);
    });
  });
  const pid = spawned.pid!;
  const child: Child = {
    pid,
    output: () => output,
    ended: () => ended,
    end,
    signal: (signal) => {
      if (ended === undefined) send(pid, signal);
    },
    signalAll: (signal) => {
      if (ended === undefined) for (const process of [pid, ...childrenOf(pid)]) send(process, signal);
    },
    kill: async () => {
      if (ended !== undefined) return;
      // Stopped, it forks no more.
      send(pid, 'SIGSTOP');
      const forked = childrenOf(pid);
      for (const process of [...forked, -pid]) send(process, 'SIGKILL');
      await end;
      while (forked.some(isRunning)) await sleep(5);
    },
  };
  running.add(child);
  return child;
}

/** Something that is to be removed or closed when the suite is over. */
export function onCleanUp(step: () => Promise<void>): void {
  lastSteps.push(step);
}

/** The end of every suite, however far its tests have come: nothing runs any more, and no files are left. */
export async function cleanUp(): Promise<void> {
  await Promise.all([...running].map((child) => child.kill()));
  for (const step of lastSteps.splice(0)) await step();
}

/** Runs a program to its end; what it wrote is in the error if it fails. */
export async function runTool(
  command: string,
  args: readonly string[],
  user?: { readonly uid: number; readonly gid: number },
): Promise<void> {
  await promisify(execFile)(command, [...args], { cwd: '/', ...user });
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks again and again, until the answer is true; fails with `what` after the time. */
export async function waitUntil(
  what: string,
  ms: number,
  isTrue: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`not within ${ms} ms: ${what}`);
    await sleep(20);
  }
}

/** PostgreSQL's backends have process groups of their own, so the group is not enough. */
function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.split(' ').filter(Boolean).map(Number);
}

function isRunning(pid: number): boolean {
  try {
    // A zombie has ended: its state is the first letter after the name in parentheses.
    return !/\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
