import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { main, root, runCommand } from '../support/processes/command';
import { freePorts } from '../support/processes/free-ports';
import { createTcpProxy } from '../support/processes/tcp-proxy';
import { startKeyedServer, type KeyedServer } from '../support/server/keyed-server';
import { waitFor } from '../support/wait-for';

let server: KeyedServer<'app' | 'recorder'>;
let environment: Record<string, string>;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  server = await startKeyedServer({
    app: { scopes: ['record', 'read', 'erase'] },
    recorder: { scopes: ['record'] },
  });
  environment = { LOG_MANAGER_KEY: server.texts.app };
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await server?.stop();
});

/** Starts the command, and waits until it follows the server. */
async function startTail(args: readonly string[], url = server.url) {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [main, 'tail', url, ...args], {
    cwd: root,
    env: { PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  const closed = once(child, 'close');
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  await waitFor(() => stderr.includes('\n'));
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    lines: () =>
      stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    /** Settles when so many lines are there. */
    waitForLines: (count: number) => waitFor(() => stdout.split('\n').length > count),
    async end(signal: NodeJS.Signals = 'SIGINT') {
      child.kill(signal);
      await closed;
      return { exitCode: child.exitCode, cursor: /^Go on with --after (\S+)$/m.exec(stderr)?.[1] };
    },
  };
}

let sessions = 0;
async function record(userId: string, ...types: readonly string[]): Promise<void> {
  const query = `mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }`;
  const actions = types.map((type) => ({
    time: '2018-10-18T21:37:28-06:00',
    type,
    properties: { a: 'é\n\u009b1m' },
  }));
  const { body } = await server.ask('app', query, {
    input: { userId, sessionId: `session-${sessions++}`, actions },
  });
  expect(body.errors).toBeUndefined();
}
const typesOf = (lines: readonly { type: string }[]): string[] => lines.map(({ type }) => type);

it('prints what is recorded as JSON lines, and what is erased, and goes on after a cursor', async () => {
  const tail = await startTail(['--user', 'a', '--user', 'b', '--type', 'CLICK', '--type', 'VIEW']);
  await record('a', 'CLICK', 'OTHER', 'VIEW');
  await record('c', 'CLICK');
  await record('b', 'VIEW');
  // What is erased before it was read is not shown.
  await tail.waitForLines(3);
  await server.ask('app', 'mutation { deleteUserData(userId: "b") { deletedCount } }');
  await tail.waitForLines(4);
  const [first, second, third, erasure] = tail.lines();
  expect(first).toEqual({
    id: expect.stringMatching(/^\d+$/),
    time: '2018-10-19T03:37:28.000Z',
    type: 'CLICK',
    properties: { a: 'é\n\u009b1m' },
    userId: 'a',
    sessionId: expect.any(String),
    receivedAt: expect.any(String),
  });
  // A terminal would obey it.
  expect(tail.stdout()).not.toContain('\u009b');
  expect(typesOf([second, third])).toEqual(['VIEW', 'VIEW']);
  expect(erasure).toEqual({ erasure: { userId: 'b', sessionId: null, erasedAt: expect.any(String) } });
  expect(tail.stderr()).toBe(`Following ${server.url}/graphql.\n`);
  const { exitCode, cursor } = await tail.end();
  expect(exitCode).toBe(0);

  await record('a', 'CLICK');
  const filter = ['--user', 'a', '--user', 'b', '--type', 'CLICK', '--type', 'VIEW'];
  const next = await startTail([...filter, '--after', cursor!, '--cursors']);
  await next.waitForLines(2);
  const lines = next.lines();
  expect(lines.filter(({ id }) => id)).toHaveLength(1);
  const ended = await next.end('SIGTERM');
  expect(ended).toEqual({ exitCode: 0, cursor: next.lines().at(-1).cursor });
});

it('takes a filter as JSON', async () => {
  const filter = { types: ['CLICK'], properties: [{ path: ['a'], is: { exists: true } }] };
  const tail = await startTail(['--filter', JSON.stringify(filter)]);
  await record('f', 'VIEW', 'CLICK');
  await tail.waitForLines(1);
  expect(typesOf(tail.lines())).toEqual(['CLICK']);
  await tail.end();
});

it('goes on by itself when connections are cut', async () => {
  const proxy = await createTcpProxy({ host: '127.0.0.1', port: Number(new URL(server.url).port) });
  const tail = await startTail(['--user', 'cut'], `http://127.0.0.1:${proxy.port}`);
  try {
    await record('cut', '1');
    await tail.waitForLines(1);
    await proxy.close();
    await record('cut', '2', '3');
    await waitFor(() => tail.stderr().includes('Trying again.'));
    await proxy.open();
    await record('cut', '4');
    await tail.waitForLines(4);
    expect(typesOf(tail.lines())).toEqual(['1', '2', '3', '4']);
    expect(tail.stderr()).toMatch(/^Following \S+\nDisconnected: .+\. Trying again\.\nConnected again\.\n$/);
  } finally {
    await tail.end();
    await proxy.close();
  }
});

it('ends quietly when its reader has enough', async () => {
  const tail = await startTail(['--user', 'head']);
  await record('head', 'CLICK');
  await tail.waitForLines(1);
  tail.child.stdout.destroy();
  await record('head', 'CLICK');
  await once(tail.child, 'close');
  expect(tail.child.exitCode).toBe(0);
  expect(tail.stderr()).toBe(`Following ${server.url}/graphql.\n`);
});

it('ends at Ctrl-C although its output is not read', async () => {
  const tail = await startTail(['--user', 'full']);
  tail.child.stdout.pause();
  for (let n = 0; n < 20; n++) await record('full', ...Array.from({ length: 100 }, () => 'x'.repeat(100)));
  // What this process and the pipe hold; the rest stays in the command.
  await waitFor(async () => tail.child.stdout.readableLength >= tail.child.stdout.readableHighWaterMark);
  const { exitCode, cursor } = await tail.end();
  expect([exitCode, typeof cursor]).toEqual([1, 'string']);
});

const refused = async (args: readonly string[], settings = environment) => {
  const { exitCode, stdout, stderr } = await runCommand(['tail', ...args], settings);
  expect(stdout).toBe('');
  return { exitCode, stderr };
};

it('says why the server refuses it', async () => {
  const { url } = server;
  const [port] = (await freePorts(1)) as [number];
  const refusals = await Promise.all([
    refused([url], {}),
    refused([url], { LOG_MANAGER_KEY: 'lm_wrong' }),
    refused([url], { LOG_MANAGER_KEY: server.texts.recorder }),
    refused([url, '--after', 'x']),
    refused([url, '--filter', '{"types": []}']),
    refused([`${url}/elsewhere`]),
    refused([`http://127.0.0.1:${port}`]),
  ]);
  expect(refusals.map(({ exitCode }) => exitCode)).toEqual(refusals.map(() => 1));
  expect(refusals.map(({ stderr }) => stderr)).toEqual([
    expect.stringMatching(/^error: the server needs a key: set LOG_MANAGER_KEY/),
    expect.stringMatching(/^error: the server refuses the key in LOG_MANAGER_KEY: /),
    expect.stringMatching(/^error: .*read/),
    expect.stringMatching(/^error: after /),
    expect.stringMatching(/^error: filter\.types /),
    expect.stringMatching(/^error: /),
    `error: cannot connect to http://127.0.0.1:${port}/graphql: connect ECONNREFUSED 127.0.0.1:${port}\n`,
  ]);
});

it('says so when its cursor is one of another database', async () => {
  const tail = await startTail(['--user', 'x', '--cursors']);
  await tail.waitForLines(1);
  const { cursor } = await tail.end();
  await server.store.changes.renewEpoch();
  expect(await refused([server.url, '--user', 'x', '--after', cursor!])).toEqual({
    exitCode: 1,
    stderr: expect.stringMatching(/^error: after belongs to another database/),
  });
});

it('says so when the address is that of another server', async () => {
  const other = createServer(
    (_request, response) => void response.setHeader('content-type', 'text/html').end(),
  );
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  try {
    const { exitCode, stderr } = await refused([`http://127.0.0.1:${port}`]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('is this the address of a Log Manager server?');
  } finally {
    other.close();
  }
});

it.each([
  ['localhost:4000', 'An address is such as http://127.0.0.1:4000.'],
  ['http://a:b@127.0.0.1', 'Set LOG_MANAGER_KEY instead of a user and a password.'],
])('ends with exit code 2 for the address %s', async (address, message) => {
  const { exitCode, stderr } = await refused([address]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
});
