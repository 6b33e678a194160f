import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { JsonParts } from '../../logs/model/json';
import { releaseMemory } from './release-memory';

/** Answers with a body in parts, and with the status and the headers that the reply has. */
export type SendParts = (reply: FastifyReply, parts: JsonParts) => void;

/** Copying less than this costs less than handing the parts to the socket one by one. */
const maxJoinedBytes = 16_384;

/**
 * Large answers go to the socket as they are, all parts in one system call; `reply.send` would need them
 * joined.
 * @param beforeSending what Fastify's hook `onSend` does, which is not called here
 */
export function createSendParts(beforeSending: (reply: FastifyReply, bytes: number) => void): SendParts {
  return (reply, parts) => {
    const length = parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
    beforeSending(reply, length);
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
    raw.cork();
    for (const part of parts) raw.write(part);
    raw.end(() => releaseMemory(parts));
  };
}

function join(parts: JsonParts): string | Buffer {
  if (parts.every((part) => typeof part === 'string')) return parts.join('');
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}
