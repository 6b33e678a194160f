import type { OutgoingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import type { JsonParts } from '../../logs/model/json';
import { addVary, chooseCoding, createCompressor } from './compression';
import { releaseMemory } from '../../logs/model/release-memory';
import { lengthOf } from './send-parts';
import { maxUnsentBytes, type UnsentBytes } from './unsent-bytes';

/** Milliseconds between two checks whether a stream must end that waits for its client. */
const checkMs = 250;
/** Milliseconds that the last line of a body that is broken off may take to be sent. */
const lastLineMs = 500;
const pollMs = 20;

export interface StreamOptions {
  readonly unsentBytes: UnsentBytes;
  /** Throws if the stream must end. */
  readonly check: () => void;
  /** Called when the stream ends before its end. Returns a last line for its client; empty: none. */
  readonly onBroken: (error: unknown) => string;
}

/**
 * Sends a body of unknown length, with the status and the headers that the reply has. Its next part is made when the
 * kernel has taken the one before, so that one part is in memory. A body that cannot be completed is broken off by
 * closing the connection, without the last chunk (RFC 9112, section 8).
 * @param first the first part; errors that making it throws are those of the reply
 */
export async function sendStream(
  reply: FastifyReply,
  first: IteratorResult<JsonParts>,
  parts: AsyncGenerator<JsonParts>,
  { unsentBytes, check, onBroken }: StreamOptions,
): Promise<void> {
  const { raw, request } = reply;
  const { socket } = request.raw;
  const coding = chooseCoding(request.headers['accept-encoding'], Infinity);
  addVary(reply);
  if (coding !== undefined) reply.header('content-encoding', coding);
  reply.hijack();
  raw.writeHead(reply.statusCode, reply.getHeaders() as OutgoingHttpHeaders);
  if (request.method === 'HEAD') {
    await parts.return(undefined);
    raw.end();
    return;
  }
  const compressor = coding === undefined ? undefined : createCompressor(coding);
  compressor?.pipe(raw);
  raw.once('close', () => compressor?.destroy());
  const body = compressor ?? raw;

  /** Settles when the kernel, or the compressor, has taken the chunks. */
  function write(chunks: JsonParts): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (then: () => void): void => {
        clearInterval(timer);
        raw.off('close', onClose);
        unsentBytes.note(socket, 0);
        then();
      };
      const onClose = (): void => end(resolve);
      const timer = setInterval(() => {
        try {
          check();
        } catch (error) {
          end(() => reject(error));
        }
      }, checkMs);
      raw.once('close', onClose);
      const last = chunks.length - 1;
      if (!compressor) raw.cork();
      chunks.forEach((chunk, at) => {
        body.write(chunk, (error) => {
          if (!error) releaseMemory([chunk]);
          if (at === last) end(resolve);
        });
      });
      if (!compressor) raw.uncork();
      unsentBytes.note(socket, compressor ? lengthOf(chunks) : 0);
    });
  }

  async function breakOff(lastLine: string): Promise<void> {
    if (lastLine !== '') {
      body.write(lastLine);
      // `writableLength` does not count a flush that waits.
      let isFlushed = compressor === undefined;
      compressor?.flush(() => {
        isFlushed = true;
      });
      const isSent = () =>
        isFlushed && (compressor?.readableLength ?? 0) + body.writableLength + raw.writableLength === 0;
      const endsAt = performance.now() + lastLineMs;
      do await sleep(pollMs);
      while (!isSent() && performance.now() < endsAt);
    }
    // Without chunks, a client takes the end of the connection for that of the body, unless it is reset.
    if (request.raw.httpVersion === '1.0') socket.resetAndDestroy();
    else socket.destroy();
  }

  try {
    for (let part = first; part.done !== true; part = await parts.next()) {
      await write(part.value);
      // The client has disconnected. The response learns it in a later turn of the event loop.
      if (socket.destroyed) return;
      check();
      // Slow clients are cut meanwhile.
      while (unsentBytes.total() > maxUnsentBytes) {
        await sleep(checkMs);
        check();
      }
    }
    body.end();
  } catch (error) {
    if (!socket.destroyed) await breakOff(onBroken(error));
  } finally {
    await parts.return(undefined);
  }
}
