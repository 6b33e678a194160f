import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import WebSocket, { type ClientOptions } from 'ws';

/** A message of the protocol graphql-transport-ws. */
export interface ProtocolMessage {
  readonly type: string;
  readonly id?: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a payload holds depends on the operation
  readonly payload?: any;
}

/** How a WebSocket was closed. */
export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A WebSocket of the protocol that a test drives message by message. */
export interface RawSocket {
  readonly socket: WebSocket;
  /** Settles when the connection is closed. */
  readonly closed: Promise<Closed>;
  send(message: unknown): void;
  /** The next message; rejects if the connection is closed before. */
  next(): Promise<ProtocolMessage>;
}

export interface SocketOptions extends ClientOptions {
  /** The subprotocols; [] for none. */
  readonly protocols?: readonly string[];
}

/**
 * Opens a WebSocket.
 * @throws {Error} such as `Unexpected server response: 403`
 */
export async function openSocket(url: string, options: SocketOptions = {}): Promise<RawSocket> {
  const { protocols = ['graphql-transport-ws'], ...others } = options;
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, [...protocols], others);
  const messages: ProtocolMessage[] = [];
  let wake = (): void => {};
  socket.on('message', (data: Buffer) => {
    messages.push(JSON.parse(data.toString()) as ProtocolMessage);
    wake();
  });
  const closed = new Promise<Closed>((resolve) => {
    socket.once('close', (code, reason) => {
      resolve({ code, reason: String(reason) });
      wake();
    });
  });
  await once(socket, 'open');
  socket.on('error', () => {});
  return {
    socket,
    closed,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async next() {
      while (messages.length === 0) {
        if (socket.readyState === socket.CLOSED) throw new Error('closed');
        await new Promise<void>((resolve) => (wake = resolve));
      }
      return messages.shift()!;
    },
  };
}

/** Opens a WebSocket whose connection_init is acknowledged. */
export async function connectSocket(
  url: string,
  payload?: Record<string, unknown>,
  options?: SocketOptions,
): Promise<RawSocket> {
  const raw = await openSocket(url, options);
  raw.send({ type: 'connection_init', payload });
  const { type } = await raw.next();
  if (type !== 'connection_ack') throw new Error(`not acknowledged: ${type}`);
  return raw;
}

/** A subscription to the feed. */
export const subscription =
  'subscription ($after: String) { logRecorded(after: $after) { cursor entries { type } } }';

/** Subscribes, and waits for the first message. */
export async function subscribe(raw: RawSocket, id = 'feed'): Promise<ProtocolMessage> {
  raw.send({ type: 'subscribe', id, payload: { query: subscription } });
  return raw.next();
}

/** An event of an event stream. */
export interface StreamEvent {
  readonly id?: string;
  readonly event?: string;
  readonly data?: string;
}

/** An event stream that a test reads event by event. */
export interface RawEventStream {
  readonly response: IncomingMessage;
  /** The next event; undefined at the end. */
  next(): Promise<StreamEvent | undefined>;
  close(): void;
}

export interface EventStreamOptions {
  readonly headers?: Record<string, string>;
  readonly variables?: object;
}

/** Sends a document for an event stream with POST. Answers that are none have another content type. */
export async function openEventStream(
  url: string,
  query: string,
  { headers = {}, variables }: EventStreamOptions = {},
): Promise<RawEventStream> {
  const sent = request(`${url}/graphql`, {
    method: 'POST',
    agent: false,
    headers: { accept: 'text/event-stream', 'content-type': 'application/json', ...headers },
  });
  sent.end(JSON.stringify({ query, variables }));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  sent.on('error', () => {});
  const chunks = response.setEncoding('utf8')[Symbol.asyncIterator]() as AsyncIterator<string>;
  let text = '';
  return {
    response,
    async next() {
      for (;;) {
        const end = text.indexOf('\n\n');
        if (end !== -1) {
          const lines = text.slice(0, end).split('\n');
          text = text.slice(end + 2);
          // A comment keeps the connection open.
          if (lines.every((line) => line.startsWith(':'))) continue;
          return Object.fromEntries(lines.map((line) => line.split(/: ?(.*)/s).slice(0, 2)));
        }
        const { value, done } = await chunks.next();
        if (done) return undefined;
        text += value;
      }
    },
    close: () => void sent.destroy(),
  };
}
