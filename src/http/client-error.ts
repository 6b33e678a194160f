import { maxHeaderSize } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorObserver } from '../graphql/errors/report-errors';
import { extensionsOf } from '../logs/model/error-codes';

/** Maximum time for receiving a complete request. */
export const requestTimeoutMs = 60_000;

/** Status line and message by error code of Node's HTTP parser. */
const responses: Readonly<Record<string, readonly [status: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    `The request line and headers must be at most ${maxHeaderSize} bytes in total.`,
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [
    '408 Request Timeout',
    `The complete request must arrive within ${requestTimeoutMs / 1_000} seconds.`,
  ],
};

/** Creates the handler for requests that Node cannot parse. They never reach Fastify's error handler. */
export function createClientErrorHandler(observer: ErrorObserver) {
  return ({ code = '' }: { code?: string }, socket: Socket): void => {
    if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    observer.rejected('BAD_USER_INPUT');
    const [status, message] = responses[code] ?? ['400 Bad Request', 'The request is not valid HTTP.'];
    const body = JSON.stringify({ errors: [{ message, extensions: extensionsOf('BAD_USER_INPUT') }] });
    const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8`;
    const length = Buffer.byteLength(body);
    socket.end(`${head}\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n${body}`);
  };
}
