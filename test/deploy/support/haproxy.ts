import { describe } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Debian puts HAProxy where only root looks. */
const tool = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']
  .map((folder) => join(folder, 'haproxy'))
  .find((path) => existsSync(path));

/** A suite that needs HAProxy: skipped, with a line that says so, where it is not installed. */
export function describeHAProxy(name: string, suite: () => void): void {
  if (tool) return describe(name, suite);
  process.stdout.write(`skipped: ${name}: install haproxy (apt-get install haproxy)\n`);
  describe.skip(name, suite);
}

/** What HAProxy holds against a configuration. That names do not resolve here is none of its faults. */
export function findFaults(file: string): readonly string[] {
  const { status, stderr } = spawnSync(tool!, ['-c', '-f', file], { encoding: 'utf8' });
  const faults = stderr
    .split('\n')
    .filter((line) => /^\[(WARNING|ALERT)\]/.test(line))
    .filter((line) => !line.includes('could not resolve address'));
  return status === 0 || faults.length > 0 ? faults : [stderr];
}

export interface RunningHAProxy {
  readonly url: string;
  stop(): Promise<void>;
}

/** Runs HAProxy on a free port, which takes the place of `bind :4000`. */
export async function startHAProxy(configuration: string): Promise<RunningHAProxy> {
  const directory = mkdtempSync(join(tmpdir(), 'log-manager-haproxy-'));
  const file = join(directory, 'haproxy.cfg');
  const port = await freePort();
  writeFileSync(file, configuration.replace('bind :4000', `bind 127.0.0.1:${port}`));
  const child = spawn(tool!, ['-db', '-f', file], { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  while (!(await isListening(port))) {
    if (child.exitCode !== null) throw new Error(`HAProxy did not start:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      child.kill('SIGKILL');
      await closed;
      rmSync(directory, { recursive: true });
    },
  };
}

/** Stands in for an instance: what it was sent, and what it does with it, is in the hands of the test. */
export interface StandIn {
  readonly port: number;
  isReady: boolean;
  /** Closes the connection when it has a request, instead of answering it. */
  breaksOff: boolean;
  /** How many requests it has had, checks of its health apart. */
  requestCount: number;
  /** The headers of the last of them. */
  lastHeaders: IncomingHttpHeaders | undefined;
  /** Nobody can reach it any longer. */
  stop(): Promise<void>;
}

export async function startStandIn(): Promise<StandIn> {
  const server: Server = createServer((request, response) => {
    if (request.url === '/readyz') {
      response.writeHead(standIn.isReady ? 200 : 503).end();
      return;
    }
    standIn.requestCount++;
    standIn.lastHeaders = request.headers;
    request.resume().once('end', () => {
      if (standIn.breaksOff) request.socket.destroy();
      else response.end(`${standIn.port}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const standIn: StandIn = {
    port: (server.address() as AddressInfo).port,
    isReady: true,
    breaksOff: false,
    requestCount: 0,
    lastHeaders: undefined,
    stop: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return standIn;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
