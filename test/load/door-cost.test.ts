import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createKeyText } from '../../src/logs/access/api-key';
import { createSqliteFile } from '../support/database/sqlite-file';
import { openTestStore } from '../support/database/store';
import { report } from '../support/processes/programs';
import { toStoredKey } from '../support/server/keyed-server';

/** Requests in one turn, and turns of each server: a million requests. Short turns, so that both meet the same load. */
const turnRequests = 10_000;
const turns = 100;
/** Requests that a connection sends at once, and connections. */
const batch = 20;
const connections = 10;
const maxMicroseconds = 3;

const file = createSqliteFile();
const text = createKeyText();
let child: ChildProcess;
beforeAll(async () => {
  const store = await openTestStore(file.url);
  await store.keys.insert(toStoredKey(text, { name: 'web' }));
  await store.close();
  child = fork(join(__dirname, 'support', 'door-servers.mjs'), [file.url]);
});
afterAll(async () => {
  child.kill('SIGKILL');
  await file.remove();
});

/** The next message of the process with the servers. */
async function receive<Message>(): Promise<Message> {
  const [message] = (await once(child, 'message')) as [Message];
  return message;
}

/** CPU time of that process, in microseconds. */
async function cpuTime(): Promise<number> {
  child.send('cpu');
  return receive<number>();
}

const body = '{"query":"{ __typename }"}';
const request =
  `POST /graphql HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${text}\r\n` +
  `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

/** Sends requests, and settles when they are answered with so many bytes. */
function exchange(socket: Socket, count: number, bytes: number): Promise<void> {
  return new Promise((resolve) => {
    let missing = bytes;
    const onData = (data: Buffer): void => {
      missing -= data.length;
      if (missing > 0) return;
      socket.off('data', onData);
      resolve();
    };
    socket.on('data', onData);
    socket.write(request.repeat(count));
  });
}

/** The sockets to a server, and the size of its answer, which is the same each time. */
async function open(port: number) {
  const sockets = Array.from({ length: connections }, () => connect(port, '127.0.0.1'));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  sockets[0]!.write(request);
  const [answer] = (await once(sockets[0]!, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 .*\{"__typename":"Query"\}\}\n?$/s);
  /** Microseconds of CPU time for a request. */
  async function takeTurn(): Promise<number> {
    const before = await cpuTime();
    await Promise.all(
      sockets.map(async (socket) => {
        for (let sent = 0; sent < turnRequests / connections; sent += batch) {
          await exchange(socket, batch, batch * answer.length);
        }
      }),
    );
    return ((await cpuTime()) - before) / turnRequests;
  }
  return takeTurn;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The mean of the lowest quarter. */
const quietest = (values: readonly number[]): number =>
  mean([...values].sort((a, b) => a - b).slice(0, values.length / 4));

it(`the door costs at most ${maxMicroseconds} µs of CPU time a request`, async () => {
  const [openPort, guardedPort] = await receive<[number, number]>();
  const [withoutDoor, withDoor] = [await open(openPort), await open(guardedPort)];
  // V8 compiles the code that runs often.
  for (let turn = 0; turn < 5; turn++) for (const takeTurn of [withoutDoor, withDoor]) await takeTurn();
  const [bare, guarded]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < turns; turn++) {
    if (turn % 2 === 0) guarded.push(await withDoor());
    bare.push(await withoutDoor());
    if (turn % 2 === 1) guarded.push(await withDoor());
  }
  const costs = guarded.map((time, turn) => time - bare[turn]!);
  const deviation = Math.sqrt(mean(costs.map((cost) => (cost - mean(costs)) ** 2)));
  // What else runs on the machine costs CPU time too, by way of the caches: the quietest turns show it least.
  const [quietBare, quietGuarded] = [quietest(bare), quietest(guarded)];
  const cost = quietGuarded - quietBare;
  const µs = (value: number): string => `${value.toFixed(2)} µs`;
  report(
    `door: ${µs(cost)} of CPU time a request, in the quietest quarter of ${turns} turns of ${turnRequests} ` +
      `(${µs(quietGuarded)} with, ${µs(quietBare)} without); in all ${µs(mean(costs))} ± ` +
      `${µs((1.96 * deviation) / Math.sqrt(turns))} (95 %) of ${µs(mean(guarded))}`,
  );
  expect(cost).toBeLessThan(maxMicroseconds);
});
