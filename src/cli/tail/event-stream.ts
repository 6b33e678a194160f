import type { ReadableStream } from 'node:stream/web';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { CommandError } from '../command';

/** A message of `logRecorded`. */
export interface FeedPage {
  readonly entries: readonly object[];
  readonly erasures: readonly object[];
  /** Where to go on after this page. */
  readonly cursor: string;
}

export interface FeedRequest {
  /** The address of the GraphQL endpoint. */
  readonly address: URL;
  readonly key: string | undefined;
  /** A `LogFilter`. */
  readonly filter: object;
  /** Undefined: from now on. */
  readonly after: string | undefined;
}

/** `extensions` of an error: docs/errors.md. */
interface ErrorExtensions {
  readonly code?: string;
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
}

interface ServerAnswer {
  readonly data?: { readonly logRecorded?: FeedPage } | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: ErrorExtensions }[];
}

/** An error of the server, or of a proxy in front of it, after which the same request may succeed. */
export class RetryableError extends Error {
  constructor(
    message: string,
    /** How long to wait, as the server says. */
    readonly retryAfterMs = 0,
  ) {
    super(message);
  }
}

/** The server writes something, at least a comment, more often than this. */
const maxSilenceMs = 45_000;

const query = `subscription ($filter: LogFilter, $after: String) {
  logRecorded(filter: $filter, after: $after) {
    entries { id time type properties userId sessionId receivedAt }
    erasures { userId sessionId erasedAt }
    cursor
  }
}`;

/**
 * The messages of one event stream, until the server ends it.
 * @param signal ends the request
 * @throws {CommandError} if the same request will be refused again
 * @throws {Error} if the connection failed, was silent for too long, or the server may take the request later
 */
export async function* readEventStream(request: FeedRequest, signal: AbortSignal): AsyncGenerator<FeedPage> {
  const silence = new AbortController();
  /** Time in which nothing is asked for does not count. */
  const receive = async <Result>(work: Promise<Result>): Promise<Result> => {
    const timer = setTimeout(
      () => silence.abort(new Error(`nothing received in ${maxSilenceMs / 1_000} s`)),
      maxSilenceMs,
    );
    return work.finally(() => clearTimeout(timer));
  };
  const response = await receive(send(request, AbortSignal.any([signal, silence.signal])));
  if (!response.body || !/^text\/event-stream\b/.test(response.headers.get('content-type') ?? '')) {
    throw toError(response, await receive(response.text()), request);
  }

  const events: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => void events.push(event) });
  const decoder = new TextDecoder();
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  try {
    for (;;) {
      const { done, value } = await receive(reader.read());
      if (done) throw new Error('the server closed the connection');
      parser.feed(decoder.decode(value, { stream: true }));
      for (const { event, data } of events.splice(0)) {
        if (event === 'complete') return;
        if (event === 'next') yield toPage(JSON.parse(data) as ServerAnswer, request);
      }
    }
  } finally {
    // Closes the connection. It may have failed already.
    await reader.cancel().catch(() => {});
  }
}

function send({ address, key, filter, after }: FeedRequest, signal: AbortSignal): Promise<Response> {
  return fetch(address, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify({ query, variables: { filter, after } }),
    signal,
  });
}

function toPage(answer: ServerAnswer, request: FeedRequest): FeedPage {
  const page = answer.data?.logRecorded;
  if (page && !answer.errors) return page;
  throw toServerError(answer, request);
}

/** What an answer says that is no event stream. */
function toError(response: Response, text: string, request: FeedRequest): Error {
  const answer = parse(text);
  if (answer?.errors?.[0]) return toServerError(answer, request);
  const { status } = response;
  if (status >= 500 || status === 429 || status === 408) return new RetryableError(`HTTP status ${status}`);
  return new CommandError(
    `${request.address} answered with HTTP status ${status} and no event stream: ` +
      'is this the address of a Log Manager server?',
  );
}

function parse(text: string): ServerAnswer | undefined {
  try {
    return JSON.parse(text) as ServerAnswer;
  } catch {
    return undefined;
  }
}

function toServerError({ errors: [error] = [] }: ServerAnswer, { key }: FeedRequest): Error {
  const { message = 'an answer without data', extensions = {} } = error ?? {};
  const { code, retryable, retryAfterMs } = extensions;
  if (retryable) return new RetryableError(message, retryAfterMs);
  if (code !== 'UNAUTHENTICATED') return new CommandError(message);
  return new CommandError(
    key === undefined
      ? 'the server needs a key: set LOG_MANAGER_KEY to one with the scope read'
      : `the server refuses the key in LOG_MANAGER_KEY: ${message}`,
  );
}
