import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/** Milliseconds between two looks at unsent bytes. */
const checkIntervalMs = 20;

/**
 * The open connections of a server. When it stops, it closes those that have sent nothing: Node closes only those
 * that are idle after a request. For Node, a connection is idle as soon as its answer has ended, although the kernel
 * has not taken all bytes: the server closes when it has.
 */
export function trackConnections(app: FastifyInstance): Iterable<Socket> {
  const connections = new Set<Socket>();
  let isStopping = false;
  app.server.on('connection', (socket: Socket) => {
    if (isStopping) return void socket.destroy();
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  app.addHook('preClose', async () => {
    isStopping = true;
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
    while ([...connections].some(({ writableLength }) => writableLength > 0)) {
      await setTimeout(checkIntervalMs);
    }
  });
  return connections;
}
