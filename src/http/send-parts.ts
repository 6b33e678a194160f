import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { JsonParts } from '../logs/json';
import { free } from './free';

/** Answers with status 200 and a body in parts, with the headers that the reply has. */
export type SendParts = (reply: FastifyReply, parts: JsonParts) => void;

/** Copying less than this costs less than handing the parts to the socket one by one. */
const maxJoinedBytes = 16_384;

/**
 * Large answers go to the socket as they are, all parts in one system call; `reply.send` would need them joined.
 * @param beforeSending what Fastify's hook `onSend` does, which is not called here
 */
export function createSendParts(
  beforeSending: (reply: FastifyReply, bytes: number) => void,
): SendParts {
  return (reply, parts) => {
    const buffers = parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part));
    const length = buffers.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const chunks = length > maxJoinedBytes ? buffers : [Buffer.concat(buffers, length)];
    if (chunks !== buffers) free(buffers);
    beforeSending(reply, length);
    reply.hijack();
    const { raw } = reply;
    const headers = { ...reply.getHeaders(), 'content-length': length } as OutgoingHttpHeaders;
    raw.writeHead(200, headers).cork();
    for (const chunk of chunks) raw.write(chunk);
    raw.end(() => free(chunks));
  };
}
