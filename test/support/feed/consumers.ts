import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { readEventStream } from '../../../src/cli/tail/event-stream';
import { call } from '../journal/api';
import { main } from '../processes/command';
import type { FeedCopy, FeedPage } from './feed-copy';

/** How long a consumer leaves a server alone that has failed. */
const pauseMs = 50;

const fields = `entries { id time type properties userId sessionId receivedAt }
  erasures { userId sessionId erasedAt } cursor`;
export const logChanges = `query ($filter: LogFilter, $after: String, $first: Int) {
  logChanges(filter: $filter, after: $after, first: $first) { ${fields} hasMore }
}`;
const logRecorded = `subscription ($filter: LogFilter, $after: String) {
  logRecorded(filter: $filter, after: $after) { ${fields} }
}`;

/** A consumer, which goes on from its cursor at another instance when one fails. */
export interface Consumer {
  readonly copy: FeedCopy;
  /** Settles when the first page has come. */
  readonly ready: Promise<void>;
  /** How often a connection or a request failed, by reason. */
  readonly failures: Map<string, number>;
  stop(): Promise<void>;
}

/** Reads pages from a server until it fails, or the signal is aborted. */
type Read = (url: string, copy: FeedCopy, signal: AbortSignal) => AsyncGenerator<FeedPage>;

async function* poll(url: string, copy: FeedCopy, signal: AbortSignal): AsyncGenerator<FeedPage> {
  while (!signal.aborted) {
    const first = 1 + Math.floor(300 * Math.random());
    const reply = await call(url, logChanges, { filter: copy.filter, after: copy.cursor, first });
    if (!reply.isAnswered) throw new Error(reply.error);
    const page = reply.body?.data?.logChanges;
    if (!page) throw new Error(reply.body?.errors?.[0]?.extensions.code ?? `status ${reply.status}`);
    yield page;
    if (!page.hasMore) await sleep(20);
  }
}

async function* readEvents(url: string, copy: FeedCopy, signal: AbortSignal): AsyncGenerator<FeedPage> {
  const request = { address: new URL(`${url}/graphql`), key: undefined, filter: copy.filter };
  yield* readEventStream({ ...request, after: copy.cursor }, signal) as AsyncGenerator<FeedPage>;
  throw new Error('the stream ended');
}

async function* readSocket(url: string, copy: FeedCopy, signal: AbortSignal): AsyncGenerator<FeedPage> {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazyCloseTimeout: 0,
  });
  const end = (): void => client.terminate();
  signal.addEventListener('abort', end);
  try {
    const variables = { filter: copy.filter, after: copy.cursor };
    for await (const { data, errors } of client.iterate<{ logRecorded: FeedPage }>({
      query: logRecorded,
      variables,
    })) {
      if (!data || errors) throw new Error(JSON.stringify(errors));
      yield data.logRecorded;
    }
    throw new Error('the subscription ended');
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}

const reads = { poll, events: readEvents, socket: readSocket };

/** Starts a consumer; `urls` are instances of one database. */
export function startConsumer(kind: keyof typeof reads, urls: readonly string[], copy: FeedCopy): Consumer {
  const controller = new AbortController();
  const failures = new Map<string, number>();
  let setReady: () => void;
  const ready = new Promise<void>((resolve) => (setReady = resolve));
  const run = async (): Promise<void> => {
    const read: Read = reads[kind];
    for (let at = 0; !controller.signal.aborted; at++) {
      try {
        for await (const page of read(urls[at % urls.length]!, copy, controller.signal)) {
          copy.apply(page);
          setReady();
        }
      } catch (error) {
        if (controller.signal.aborted) return;
        const reason = describe(error);
        failures.set(reason, (failures.get(reason) ?? 0) + 1);
        await sleep(pauseMs);
      }
    }
  };
  const done = run();
  return {
    copy,
    ready,
    failures,
    stop: async () => {
      controller.abort();
      await done;
    },
  };
}

/** A close event of a WebSocket, or an error; the cause of that of `fetch`. */
function describe(error: unknown): string {
  const { code, reason, message, cause } = error as {
    code?: unknown;
    reason?: string;
    message?: string;
    cause?: NodeJS.ErrnoException;
  };
  if (typeof code === 'number') return `closed with ${code} ${reason}`;
  return cause?.code ?? cause?.message ?? message ?? String(error);
}

/** The command `log-manager tail` as a process of its own. */
export function startTail(url: string, copy: FeedCopy): Consumer {
  const { PATH = '' } = process.env;
  const types = copy.filter.types?.flatMap((type) => ['--type', type]) ?? [];
  const users = copy.filter.userIds?.flatMap((user) => ['--user', user]) ?? [];
  const child = spawn(process.execPath, [main, 'tail', url, '--cursors', ...types, ...users], {
    env: { PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const failures = new Map<string, number>();
  const closed = once(child, 'close');
  const ready = new Promise<void>((resolve) => {
    createInterface(child.stderr).on('line', (line) => {
      if (line.startsWith('Following')) resolve();
      else failures.set(line.slice(0, 100), (failures.get(line.slice(0, 100)) ?? 0) + 1);
    });
  });
  let entries: FeedPage['entries'][number][] = [];
  let erasures: FeedPage['erasures'][number][] = [];
  createInterface(child.stdout).on('line', (line) => {
    const value = JSON.parse(line);
    if (value.cursor !== undefined) {
      copy.apply({ entries, erasures, cursor: value.cursor });
      [entries, erasures] = [[], []];
    } else if (value.erasure) erasures.push(value.erasure);
    else entries.push(value);
  });
  return {
    copy,
    ready: Promise.race([
      ready,
      closed.then(() => Promise.reject(new Error(`tail ended: ${[...failures.keys()].join('\n')}`))),
    ]),
    failures,
    stop: async () => {
      child.kill('SIGINT');
      await closed;
    },
  };
}
