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

it(`the door costs at most ${maxMicroseconds} µs of CPU time a request`, async () => {
  const [openPort, guardedPort] = await receive<[number, number]>();
  const [withoutDoor, withDoor] = [await open(openPort), await open(guardedPort)];
  // V8 compiles the code that runs often.
  for (let turn = 0; turn < 5; turn++) for (const takeTurn of [withoutDoor, withDoor]) await takeTurn();
  const pairs: { readonly without: number; readonly cost: number }[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const first = turn % 2 === 0 ? await withDoor() : undefined;
    const without = await withoutDoor();
    pairs.push({ without, cost: (first ?? (await withDoor())) - without });
  }
  const costs = pairs.map(({ cost }) => cost).sort((a, b) => a - b);
  const mean = costs.reduce((sum, cost) => sum + cost, 0) / turns;
  const deviation = Math.sqrt(costs.reduce((sum, cost) => sum + (cost - mean) ** 2, 0) / (turns - 1));
  const base = pairs.reduce((sum, { without }) => sum + without, 0) / turns;
  const µs = (value: number): string => `${value.toFixed(2)} µs`;
  report(
    `door: ${µs(mean)} ± ${µs((1.96 * deviation) / Math.sqrt(turns))} of CPU time a request (95 %), median ` +
      `${µs(costs[turns >> 1]!)}; ${µs(base)} without; ${turns} turns of ${turnRequests}`,
  );
  expect(mean).toBeLessThan(maxMicroseconds);
});
