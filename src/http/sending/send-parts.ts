import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { JsonParts } from '../../logs/model/json';
import { compressAnswer, join } from './compression';
import { releaseMemory } from '../../logs/model/release-memory';
import { smallBytes, type UnsentBytes } from './unsent-bytes';
import { writeParts } from './write-parts';

/**
 * Answers with a body in parts, and with the status and the headers that the reply has.
 * @returns a promise while the answer is compressed
 */
export type SendParts = (reply: FastifyReply, parts: JsonParts) => Promise<void> | void;

/** Copying less than this costs less than handing the parts to the socket one by one. */
const maxJoinedBytes = 16_384;

/**
 * Counts the unsent bytes of responses, keeps them out of caches, and closes connections while the server stops.
 * @returns a function that bypasses `reply.send`, which needs parts joined: all parts of a large answer go to
 *   the socket in one system call
 */
export function createSendParts(
  app: FastifyInstance,
  unsentBytes: UnsentBytes,
  isStopping: () => boolean,
): SendParts {
  app.addHook('onSend', ({ raw: { socket } }, reply, payload, done) => {
    addSendingHeaders(reply, isStopping());
    unsentBytes.release(reply.raw);
    reply.request.largeBody?.end();
    const { length = 0 } = (payload ?? {}) as Partial<Buffer>;
    // Smaller ones are seen by the next check for slow clients.
    if (length > smallBytes) reply.raw.once('prefinish', () => unsentBytes.note(socket));
    done(null, payload);
  });
  const send = (reply: FastifyReply, parts: JsonParts, length: number): void => {
    addSendingHeaders(reply, isStopping());
    reply.hijack();
    const { raw } = reply;
    const headers = reply.getHeaders();
    headers['content-length'] = length;
    raw.writeHead(reply.statusCode, headers as OutgoingHttpHeaders);
    if (length <= maxJoinedBytes) {
      const body = join(parts);
      releaseMemory(parts);
      raw.end(body, () => releaseMemory([body]));
      return;
    }
    const { socket } = reply.request.raw;
    writeParts(raw, parts, length, (held) => unsentBytes.note(socket, held));
  };
  return (reply, parts) => {
    const length = lengthOf(parts);
    unsentBytes.release(reply.raw);
    reply.request.largeBody?.end();
    const compressed = compressAnswer(reply, parts, length);
    if (compressed === undefined) return send(reply, parts, length);
    const { socket } = reply.request.raw;
    // Until the thread pool has compressed them.
    unsentBytes.note(socket, length);
    return compressed.then((sent) => {
      releaseMemory(parts);
      unsentBytes.note(socket, 0);
      send(reply, sent, lengthOf(sent));
    });
  };
}

/** Headers of every answer. */
export function addSendingHeaders(reply: FastifyReply, isStopping: boolean): void {
  // The load balancer then opens connections to other instances.
  if (isStopping) reply.header('connection', 'close');
  // A shared cache would show the answer for one key to another (RFC 9111, section 5.2.2.5).
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
}

/** Bytes of all parts. */
export function lengthOf(parts: JsonParts): number {
  return parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
}
