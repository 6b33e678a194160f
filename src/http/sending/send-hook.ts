import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { UnsentBytes } from './unsent-bytes';

/** Responses up to this size fit in the send buffer of a socket, so they are not counted as unsent. */
const sendBufferBytes = 65_536;

/** Called before a response is sent, with the size of its body. */
export type SendHook = (reply: FastifyReply, bytes: number) => void;

/**
 * Adds the hook that counts unsent bytes, and closes connections while the server stops.
 * @returns the hook, for responses that bypass Fastify's `onSend`
 */
export function addSendHook(
  app: FastifyInstance,
  unsentBytes: UnsentBytes,
  isStopping: () => boolean,
): SendHook {
  app.server.on('connection', (socket: Socket) => {
    socket.once('close', () => unsentBytes.removeAll(socket));
  });
  const beforeSending: SendHook = (reply, bytes) => {
    // The load balancer then opens connections to other instances.
    if (isStopping()) reply.header('connection', 'close');
    const { socket } = reply.request.raw;
    if (bytes <= sendBufferBytes || socket.destroyed) return;
    unsentBytes.add(socket, bytes);
    reply.raw.once('close', () => unsentBytes.remove(socket, bytes));
  };
  app.addHook('onSend', (_request, reply, payload, done) => {
    beforeSending(reply, typeof payload === 'string' ? payload.length : 0);
    done(null, payload);
  });
  return beforeSending;
}
