import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EventEmitter, once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { createConnection, type AddressInfo, type Socket } from 'node:net';
import { queueKey, readKernelQueues } from '../../../src/http/sending/kernel-queues';
import { cutSlowClients } from '../../../src/http/sending/slow-clients';
import { createUnsentBytes } from '../../../src/http/sending/unsent-bytes';
import { fakeIntervals } from '../../support/fake-clock';
import { waitFor } from '../../support/wait-for';

/** A socket with the fields that are read of one, and an answer of a megabyte, half of which Node still holds. */
class FakeSocket extends EventEmitter {
  readonly localPort = 4_000;
  readonly remoteAddress = '127.0.0.1';
  writableLength = 1_000_000;
  _handle: { bytesWritten: number; writeQueueSize: number } | null = {
    bytesWritten: 1_000_000,
    writeQueueSize: 500_000,
  };
  destroyed = false;

  constructor(readonly remotePort: number) {
    super();
  }

  destroy(): void {
    this.destroyed = true;
  }
}

let sockets: FakeSocket[];
let kernelQueues: Map<string, number>;
let queueReads: number;
let cuts: string[];
let stop: () => void;

beforeEach(() => {
  fakeIntervals();
  sockets = [];
  kernelQueues = new Map();
  queueReads = 0;
  cuts = [];
  stop = cutSlowClients({
    connections: sockets as unknown as Socket[],
    unsentBytes: createUnsentBytes(),
    onCut: (reason) => cuts.push(reason),
    readQueues: async () => {
      queueReads++;
      return kernelQueues;
    },
  });
});

afterEach(() => {
  stop();
  jest.useRealTimers();
});

function connect(): FakeSocket {
  const socket = new FakeSocket(50_000 + sockets.length);
  sockets.push(socket);
  return socket;
}

const setQueue = (socket: FakeSocket, bytes: number) =>
  kernelQueues.set(queueKey(socket as unknown as Socket), bytes);

/** Lets the time pass in steps of half a second, before each of which the function is called. */
async function pass(seconds: number, step: () => void = () => {}): Promise<void> {
  for (let time = 0; time < seconds * 2; time++) {
    step();
    await jest.advanceTimersByTimeAsync(500);
  }
}

/** The client takes so many bytes a second. */
const take = (socket: FakeSocket, rate: number) => () => {
  if (socket._handle) socket._handle.writeQueueSize -= rate / 2;
};

describe('a connection', () => {
  it('is cut when its client has taken nothing for 30 seconds, and not before', async () => {
    const socket = connect();
    await pass(30);
    expect(socket.destroyed).toBe(false);
    await pass(5);
    expect([socket.destroyed, cuts]).toEqual([true, ['stalled']]);
  });

  it('is cut too on a socket without a handle', async () => {
    const socket = connect();
    socket._handle = null;
    await pass(35);
    expect(socket.destroyed).toBe(true);
  });

  it('stays open while it has nothing to send', async () => {
    const socket = connect();
    socket.writableLength = 0;
    await pass(600);
    expect(socket.destroyed).toBe(false);
    expect(queueReads).toBe(0);
  });

  it('is cut when its client takes less than 4 kB a second for 60 seconds, and not before', async () => {
    const socket = connect();
    await pass(60, take(socket, 3_900));
    expect(socket.destroyed).toBe(false);
    await pass(5, take(socket, 3_900));
    expect([socket.destroyed, cuts]).toEqual([true, ['slow']]);
  });

  it('stays open while its client takes 4.1 kB a second', async () => {
    const socket = connect();
    await pass(120, take(socket, 4_100));
    expect(socket.destroyed).toBe(false);
  });

  it('stays open while its client takes 240 kB at once every minute, in answer to which the kernel does', async () => {
    const socket = connect();
    for (let minute = 0; minute < 2; minute++) {
      await pass(25);
      take(socket, 500_000)();
    }
    expect(socket.destroyed).toBe(false);
  });

  it('stays open while its slow client empties the queue of the kernel, which takes nothing from Node', async () => {
    const socket = connect();
    let queue = 4_000_000;
    await pass(300, () => setQueue(socket, (queue -= 5_000)));
    expect(socket.destroyed).toBe(false);
    await pass(35);
    expect(socket.destroyed).toBe(true);
  });

  it('is cut when only the queues of other connections change', async () => {
    const [socket, other] = [connect(), connect()];
    setQueue(socket, 4_000_000);
    let queue = 4_000_000;
    await pass(35, () => setQueue(other, (queue -= 5_000)));
    expect([socket.destroyed, other.destroyed]).toEqual([true, false]);
  });

  it('is not cut for what the kernel did not tell', async () => {
    const socket = connect();
    setQueue(socket, 0);
    await pass(20);
    kernelQueues.clear();
    setQueue(connect(), 0);
    await pass(20);
    expect(socket.destroyed).toBe(false);
  });

  it('starts anew with each answer', async () => {
    const socket = connect();
    await pass(25);
    socket.writableLength = 0;
    await pass(5);
    socket.writableLength = 1_000_000;
    await pass(30);
    expect(socket.destroyed).toBe(false);
  });
});

it('while many bytes are unsent, the slowest are cut after 5 seconds, until they are not many', async () => {
  const fast = connect();
  const slow = Array.from({ length: 70 }, connect);
  let rate = 60_000;
  for (const socket of slow) {
    socket.writableLength = 1_000_000;
    socket._handle!.writeQueueSize = 10_000_000;
  }
  const rates = slow.map(() => (rate -= 500));
  await pass(12.5, () => {
    take(fast, 70_000)();
    slow.forEach((socket, at) => take(socket, rates[at]!)());
  });
  expect(cuts).toEqual(Array(7).fill('memory'));
  expect(slow.map(({ destroyed }) => destroyed)).toEqual([...Array(63).fill(false), ...Array(7).fill(true)]);
});

it('reads the queues of the kernel once a check, and only when a connection was slow at two checks', async () => {
  for (let count = 0; count < 100; count++) connect();
  await pass(2.5);
  expect(queueReads).toBe(0);
  await pass(2.5);
  expect(queueReads).toBe(1);
});

it('ends its checks', async () => {
  const socket = connect();
  stop();
  await pass(600);
  expect(socket.destroyed).toBe(false);
});

/** Skipped on systems that do not list the send queues of their sockets. */
const describeOnLinux = existsSync('/proc/net/tcp') ? describe : describe.skip;

describeOnLinux('the queue of the kernel', () => {
  beforeEach(() => void jest.useRealTimers());

  it.each(['127.0.0.1', '127.3.20.1', '::1', '::ffff:127.0.0.2'])('is found for %s', async (address) => {
    const server = createServer((_request, response) => response.end(Buffer.alloc(20_000_000)));
    await once(server.listen(0, '::'), 'listening');
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const host = address.includes('.') ? address.replace('::ffff:', '') : address;
    const { port } = server.address() as AddressInfo;
    const client = createConnection({ port, host, localAddress: host }).pause();
    client.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
    const [socket] = await accepted;
    await waitFor(async () => ((await readKernelQueues()).get(queueKey(socket)) ?? 0) > 100_000);
    client.destroy();
    server.close();
  });
});
