import type { Socket } from 'node:net';
import type { ErrorObserver } from '../graphql/errors/report-errors';
import { extensionsOf } from '../logs/model/error-codes';

const reasons: Readonly<Record<string, readonly [status: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    'The request headers are too large.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request took too long to arrive.'],
};

/** Answers what is not even HTTP in the one shape of errors. */
export function createClientErrorHandler(observer: ErrorObserver) {
  return ({ code = '' }: { code?: string }, socket: Socket): void => {
    if (code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    observer.rejected('BAD_USER_INPUT');
    const [status, message] = reasons[code] ?? [
      '400 Bad Request',
      'The request is not valid HTTP.',
    ];
    const body = JSON.stringify({
      errors: [{ message, extensions: extensionsOf('BAD_USER_INPUT') }],
    });
    const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8`;
    const length = Buffer.byteLength(body);
    socket.end(`${head}\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n${body}`);
  };
}
