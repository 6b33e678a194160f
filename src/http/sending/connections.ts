import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * The open connections of a server. When it stops, it closes those that have sent nothing: Node closes only those
 * that are idle after a request.
 */
export function trackConnections(app: FastifyInstance): Iterable<Socket> {
  const connections = new Set<Socket>();
  let isStopping = false;
  app.server.on('connection', (socket: Socket) => {
    if (isStopping) return void socket.destroy();
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  app.addHook('preClose', (done) => {
    isStopping = true;
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
    done();
  });
  return connections;
}
