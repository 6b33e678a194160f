import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { keepAlive, sendHttp, type HttpAnswer } from '../server/http';

const root = join(__dirname, '..', '..', '..');
// What `npm start` runs; `npm test` builds it first.
const main = join(root, 'dist', 'src', 'main.js');

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** All it has written so far, on both streams. */
  output(): string;
  /** The lines of its log so far. */
  log(): LogLine[];
  /** The lines of its log that pass, as soon as there are so many; a line may follow its answer. */
  waitForLog(isWanted: (line: LogLine) => boolean, count: number): Promise<LogLine[]>;
  /** Sends the signal, and settles when the process has ended. */
  end(signal?: NodeJS.Signals): Promise<ProcessEnd>;
  graphql(query: string, variables?: object): Promise<HttpAnswer>;
}

export interface LogLine {
  /** Such as `info`. */
  readonly level: string;
  readonly msg: string;
  readonly requestId?: string;
  readonly [detail: string]: unknown;
}

export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly output: string;
  readonly ms: number;
}

/** Starts the built server as a process of its own. */
function run(environment: Record<string, string>): { child: ChildProcess; output: () => string } {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [main], {
    cwd: root,
    env: { PATH, HOST: '127.0.0.1', PORT: '0', DATABASE_URL: 'sqlite::memory:', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return { child, output: () => output };
}

/** Runs a server that is expected to end by itself, or when it gets SIGTERM once it has written something. */
export async function runToEnd(environment: Record<string, string>, endOn?: string): Promise<ProcessEnd> {
  const startedAt = performance.now();
  const { child, output } = run(environment);
  child.stdout!.on('data', () => {
    if (endOn !== undefined && output().includes(endOn)) child.kill('SIGTERM');
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await once(child, 'close');
  clearTimeout(timer);
  return { exitCode: child.exitCode, output: output(), ms: performance.now() - startedAt };
}

/** Starts a server and waits until it serves; LOG_LEVEL must be info, debug or trace. */
export async function startServerProcess(environment: Record<string, string> = {}): Promise<ServerProcess> {
  const { child, output } = run(environment);
  const closed = once(child, 'close');
  let url: string | undefined;
  while (!url) {
    if (child.exitCode !== null) throw new Error(`The server did not start:\n${output()}`);
    await Promise.race([once(child.stdout!, 'data'), closed]);
    url = /serves (http:\/\/[^/]+)\//.exec(output())?.[1];
  }
  const log = (): LogLine[] =>
    output()
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as LogLine);
  return {
    url,
    pid: child.pid!,
    output,
    log,
    waitForLog: async (isWanted, count) => {
      for (let attempt = 0; ; attempt++) {
        const lines = log().filter(isWanted);
        if (lines.length >= count || attempt === 100) return lines;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    end: async (signal = 'SIGTERM') => {
      const startedAt = performance.now();
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
      await closed;
      clearTimeout(timer);
      return { exitCode: child.exitCode, output: output(), ms: performance.now() - startedAt };
    },
    graphql: (query, variables) =>
      sendHttp(`${url}/graphql`, {
        method: 'POST',
        agent: keepAlive,
        body: JSON.stringify({ query, variables }),
      }),
  };
}
