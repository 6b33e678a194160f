import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { JsonParts } from '../logs/json';

/** Answers with status 200 and a body in parts, with the headers that the reply has. */
export type SendParts = (reply: FastifyReply, parts: JsonParts) => void;

/**
 * Large answers go to the socket as they are, all parts in one system call; `reply.send` would need them joined, which
 * costs as much as everything else that the main thread does for 1,000 entries.
 * @param beforeSending what Fastify's hook `onSend` does, which is not called here
 */
export function createSendParts(beforeSending: (reply: FastifyReply) => void): SendParts {
  return (reply, parts) => {
    beforeSending(reply);
    reply.hijack();
    const buffers = parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part));
    const length = buffers.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const { raw } = reply;
    const headers = { ...reply.getHeaders(), 'content-length': length } as OutgoingHttpHeaders;
    raw.writeHead(200, headers);
    raw.cork();
    for (const buffer of buffers) raw.write(buffer);
    raw.end();
  };
}
