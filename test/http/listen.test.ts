import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { connect, Server, type Socket } from 'node:net';
import { join } from 'node:path';
import fastify from 'fastify';
import { listen } from '../../src/http/listen';
import { startServerProcess, type ServerProcess } from '../support/processes/server-process';
import { itLong } from '../support/scale';

// Every machine names localhost differently; this one has two addresses of IPv4.
const addresses = ['127.0.0.1', '127.0.0.2'];
const preload = join(__dirname, 'support', 'two-localhosts.cjs');

let server: ServerProcess;
let port: number;
beforeEach(async () => {
  server = await startServerProcess({ HOST: 'localhost', NODE_OPTIONS: `--require=${preload}` });
  port = Number(new URL(server.url).port);
});
afterEach(async () => {
  await server.end('SIGKILL');
});

async function open(address: string): Promise<{ socket: Socket; closed: Promise<string> }> {
  const socket = connect(port, address);
  await once(socket, 'connect');
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => (text += part));
  socket.on('error', () => {});
  return { socket, closed: once(socket, 'close').then(() => text) };
}

it('every address of localhost answers requests that are not HTTP in the same form', async () => {
  for (const address of addresses) {
    const { socket, closed } = await open(address);
    socket.write('NONSENSE\r\n\r\n');
    expect(await closed).toContain('{"errors":[{"message":"The request is not valid HTTP.');
  }
});

it('on every address, idle connections close and begun requests are answered when it stops', async () => {
  const idle = await Promise.all(addresses.map(open));
  for (const { socket } of idle) socket.write('GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n');
  const busy = await Promise.all(addresses.map(open));
  const body = '{"query":"{ __typename }"}';
  const head = `content-type: application/json\r\ncontent-length: ${body.length}`;
  for (const { socket } of busy) socket.write(`POST /graphql HTTP/1.1\r\nhost: localhost\r\n${head}\r\n\r\n`);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const ended = server.end('SIGTERM');
  const idleTexts = await Promise.all(idle.map(({ closed }) => closed));
  for (const text of idleTexts) expect(text).toContain('{"status":"ok"}');
  for (const { socket } of busy) socket.write(body);
  for (const { closed } of busy) {
    const text = await closed;
    expect(text).toContain('"__typename":"Query"');
    expect(text.toLowerCase()).toContain('connection: close');
  }
  expect(await ended).toMatchObject({ exitCode: 0 });
});

itLong('on every address, a request that never ends is cut when it stops', async () => {
  const stuck = await Promise.all(addresses.map(open));
  for (const { socket } of stuck)
    socket.write('POST /logs/ HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n');
  await new Promise((resolve) => setTimeout(resolve, 300));
  const { exitCode, ms, output } = await server.end('SIGTERM');
  expect(exitCode).toBe(0);
  expect(ms).toBeLessThan(10_000);
  expect(output).not.toContain('stop timeout');
  await Promise.all(stuck.map(({ closed }) => closed));
});

it('lets 4,096 connections wait to be accepted on every address', async () => {
  const listening = jest.spyOn(Server.prototype, 'listen');
  const { close } = await listen(fastify(), { host: 'localhost', port: 0, portSetting: 'PORT' });
  await close();
  const backlogs = listening.mock.calls.map(([options]) => (options as { backlog?: number }).backlog);
  expect(new Set(backlogs)).toEqual(new Set([4_096]));
});
