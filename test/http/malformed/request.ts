import { connect } from 'node:net';

/** A request as it goes over the wire, so that each part of it can be malformed. */
export interface MalformedRequest {
  /** Says in a failure what was sent. */
  readonly name: string;
  /** The request line, such as `GET /logs/ HTTP/1.1`. */
  readonly line: string;
  /** Header lines, written as Latin-1. */
  readonly headers: readonly string[];
  readonly body?: Buffer;
  /** Whether the request has a header Authorization of its own. */
  readonly isAuthorized?: boolean;
  /** Whether the server would wait for more: then the client ends its side of the connection at once. */
  readonly isIncomplete?: boolean;
}

export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** Milliseconds after which the client stops waiting for an answer. */
const patienceMs = 20_000;

/** A complete request with a body. */
export function post(name: string, path: string, body: string | Buffer, headers: readonly string[] = []) {
  return withBody(name, `POST ${path} HTTP/1.1`, body, ['content-type: application/json', ...headers]);
}

/** A complete request; its headers do not include Host, Connection and Content-Length. */
export function withBody(
  name: string,
  line: string,
  body: string | Buffer,
  headers: readonly string[],
): MalformedRequest {
  const bytes = Buffer.from(body as string);
  const length = `content-length: ${bytes.length}`;
  return { name, line, headers: ['host: localhost', 'connection: close', ...headers, length], body: bytes };
}

/** A complete request without a body. */
export function get(name: string, target: string, headers: readonly string[] = []): MalformedRequest {
  const line = `GET ${target} HTTP/1.1`;
  return { name, line, headers: ['host: localhost', 'connection: close', ...headers] };
}

/** Sends a request on a connection of its own, and returns all answers on that connection. */
export function sendRaw(url: string, request: MalformedRequest, key?: string): Promise<RawAnswer[]> {
  const { line, headers, body = Buffer.alloc(0), isAuthorized = false, isIncomplete = false } = request;
  const hasBody = !line.startsWith('HEAD ');
  const authorization = key === undefined || isAuthorized ? [] : [`authorization: Bearer ${key}`];
  const head = [line, ...authorization, ...headers, '', ''].join('\r\n');
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname);
    const deadline = setTimeout(() => socket.destroy(), patienceMs);
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (readAnswers(Buffer.concat(chunks), hasBody).isComplete) socket.end();
    });
    // The server may close before it has read all: `close` follows.
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(deadline);
      resolve(readAnswers(Buffer.concat(chunks), hasBody).answers);
    });
    socket.write(Buffer.concat([Buffer.from(head, 'latin1'), body]));
    if (isIncomplete) socket.end();
  });
}

/** Reads HTTP answers (RFC 9112). */
function readAnswers(bytes: Buffer, hasBody: boolean): { answers: RawAnswer[]; isComplete: boolean } {
  const answers: RawAnswer[] = [];
  let isComplete = false;
  for (let rest = bytes; rest.length > 0;) {
    const headLength = rest.indexOf('\r\n\r\n') + 4;
    if (headLength < 4) return { answers, isComplete: false };
    const head = rest.toString('latin1', 0, headLength);
    const header = (name: string): string => new RegExp(`^${name}: *(.*)\r$`, 'im').exec(head)?.[1] ?? '';
    const { body, length } = hasBody
      ? readBody(rest.subarray(headLength), header)
      : { body: Buffer.alloc(0), length: 0 };
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1] ?? Number.NaN);
    const isInterim = status < 200;
    if (!isInterim)
      answers.push({ status, contentType: header('content-type'), text: body.toString('utf8') });
    isComplete = !isInterim && length !== undefined;
    rest = rest.subarray(headLength + (isInterim ? 0 : (length ?? rest.length)));
  }
  return { answers, isComplete };
}

/** @returns the body, and how many bytes it takes in the connection; undefined while bytes are missing */
function readBody(
  bytes: Buffer,
  header: (name: string) => string,
): { body: Buffer; length: number | undefined } {
  if (header('transfer-encoding') === '') {
    const length = Number(header('content-length'));
    return { body: bytes.subarray(0, length), length: bytes.length < length ? undefined : length };
  }
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return { body: Buffer.concat(chunks), length: undefined };
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
    if (size === 0) return { body: Buffer.concat(chunks), length: at };
  }
}
