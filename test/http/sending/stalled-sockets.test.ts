import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EventEmitter, once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { createConnection, type AddressInfo, type Socket } from 'node:net';
import { cutStalledSockets } from '../../../src/http/sending/stalled-sockets';
import { fakeIntervals } from '../../support/fake-clock';
import { waitFor } from '../../support/wait-for';

/** A socket with the fields that are read of one. */
class FakeSocket extends EventEmitter {
  readonly localPort = 4_000;
  writableLength = 0;
  _handle: { writeQueueSize: number } | undefined;
  isDestroyed = false;

  constructor(readonly remotePort: number) {
    super();
  }

  destroy(): void {
    this.isDestroyed = true;
    this.emit('close');
  }
}

let server: EventEmitter;
let kernelQueues: Map<string, string>;
let queueReads: number;
let stop: () => void;

beforeEach(() => {
  fakeIntervals();
  server = new EventEmitter();
  kernelQueues = new Map();
  queueReads = 0;
  stop = cutStalledSockets(server as never, () => {
    queueReads++;
    return kernelQueues;
  });
});

afterEach(() => {
  stop();
  jest.useRealTimers();
});

function connect(remotePort = 50_000): FakeSocket {
  const socket = new FakeSocket(remotePort);
  server.emit('connection', socket);
  return socket;
}

/** A connection with an answer of a megabyte under way, half of which Node still holds. */
function connectToAnswer(remotePort?: number): FakeSocket {
  const socket = connect(remotePort);
  socket.writableLength = 1_000_000;
  socket._handle = { writeQueueSize: 500_000 };
  return socket;
}

describe('a connection', () => {
  it('is cut when its client has taken nothing for 30 seconds, and not before', () => {
    const socket = connectToAnswer();
    jest.advanceTimersByTime(30_000);
    expect(socket.isDestroyed).toBe(false);
    jest.advanceTimersByTime(1_000);
    expect(socket.isDestroyed).toBe(true);
  });

  it('is cut too on a socket without a handle', () => {
    const socket = connectToAnswer();
    socket._handle = undefined;
    jest.advanceTimersByTime(31_000);
    expect(socket.isDestroyed).toBe(true);
  });

  it('stays open while it has nothing to send', () => {
    const socket = connect();
    socket._handle = { writeQueueSize: 0 };
    jest.advanceTimersByTime(600_000);
    expect(socket.isDestroyed).toBe(false);
    expect(queueReads).toBe(0);
  });

  it('stays open while the kernel takes bytes during one large write', () => {
    const socket = connectToAnswer();
    for (let taken = 0; taken < 20; taken++) {
      jest.advanceTimersByTime(29_000);
      socket._handle!.writeQueueSize -= 1_000;
    }
    expect(socket.isDestroyed).toBe(false);
    jest.advanceTimersByTime(31_000);
    expect(socket.isDestroyed).toBe(true);
  });

  it('stays open while its slow client empties the queue of the kernel, which takes nothing from Node', () => {
    const socket = connectToAnswer();
    for (let second = 0; second < 300; second++) {
      kernelQueues.set('4000:50000', (4_000_000 - second * 10_000).toString(16));
      jest.advanceTimersByTime(1_000);
    }
    expect(socket.isDestroyed).toBe(false);
    jest.advanceTimersByTime(60_000);
    expect(socket.isDestroyed).toBe(true);
  });

  it('is cut when only the queues of other connections change', () => {
    const socket = connectToAnswer();
    kernelQueues.set('4000:50000', '3d0900');
    for (let second = 0; second < 31; second++) {
      kernelQueues.set('4000:50001', String(second));
      jest.advanceTimersByTime(1_000);
    }
    expect(socket.isDestroyed).toBe(true);
  });

  it('is left alone after it was closed', () => {
    const socket = connectToAnswer();
    jest.advanceTimersByTime(10_000);
    socket.emit('close');
    jest.advanceTimersByTime(60_000);
    expect(socket.isDestroyed).toBe(false);
  });
});

it('reads the queues of the kernel once a check at most, and only when a connection has made no progress for 15 s', () => {
  for (let port = 50_000; port < 50_100; port++) connectToAnswer(port);
  jest.advanceTimersByTime(15_000);
  expect(queueReads).toBe(0);
  jest.advanceTimersByTime(1_000);
  expect(queueReads).toBe(1);
});

it('ends its checks', () => {
  const socket = connectToAnswer();
  stop();
  jest.advanceTimersByTime(600_000);
  expect(socket.isDestroyed).toBe(false);
});

/** Skipped on systems that do not list the send queues of their sockets. */
const itOnLinux = existsSync('/proc/net/tcp') ? it : it.skip;

itOnLinux('a real client keeps its connection while it reads from the buffer of the kernel', async () => {
  const real = createServer((_request, response) => response.end(Buffer.alloc(40_000_000)));
  stop = cutStalledSockets(real);
  real.listen(0, '127.0.0.1');
  await once(real, 'listening');
  const accepted = once(real, 'connection') as Promise<[Socket]>;
  const client = createConnection((real.address() as AddressInfo).port, '127.0.0.1').pause();
  client.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
  const [socket] = await accepted;
  const { _handle: handle } = socket as unknown as { _handle: { writeQueueSize: number } };
  await waitFor(() => handle.writeQueueSize > 0);
  for (let second = 0; second < 100; second++) {
    // The client takes what has arrived, which is far less than the kernel's buffer holds.
    if (second % 10 === 0) await waitFor(() => client.read(50_000) !== null);
    jest.advanceTimersByTime(1_000);
  }
  expect(socket.destroyed).toBe(false);
  // The kernel goes on moving bytes to the client for a moment.
  await waitFor(() => {
    jest.advanceTimersByTime(31_000);
    return socket.destroyed;
  });
  client.destroy();
  real.close();
});
