import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A client of the generator: it has an address, a key or both of its own. */
export interface GeneratorClient {
  /** The address that its connections come from. */
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface GeneratorOptions {
  readonly url: string;
  /** Connections of all clients together; each sends one request after the other. */
  readonly connections: number;
  readonly clients: readonly GeneratorClient[];
  /** GraphQL documents by name, which each connection sends in turn. */
  readonly documents: Readonly<Record<string, string>>;
  /** Whether a client that is refused waits as long as it is told. */
  readonly obeys: boolean;
}

type Counts = Readonly<Record<string, number>>;

/** What came of the requests. A document of which one field was refused counts as refused. */
export interface GeneratorResult {
  /** By the name of the document. */
  readonly served: Counts;
  /** By status and codes. */
  readonly refused: Counts;
  /** Requests without an answer, by their error. */
  readonly failed: Counts;
  readonly servedMs: readonly number[];
  /** The longest wait for any answer. */
  readonly maxAnswerMs: number;
  /** The longest time that a client was told to wait. */
  readonly maxRetryAfterMs: number;
  /** Documents served, by client. */
  readonly servedCounts: readonly number[];
  /** The longest time in which a client was not served. */
  readonly maxUnservedMs: number;
}

/** Starts the clients in a process of their own, at nice 10. The function that it returns ends them. */
export function startGenerator(options: GeneratorOptions): () => Promise<GeneratorResult> {
  const child = fork(join(__dirname, 'pressure-generator.mjs'), [JSON.stringify(options)]);
  return async () => {
    const exit = once(child, 'exit');
    child.send('stop');
    const [result] = (await once(child, 'message')) as [GeneratorResult];
    await exit;
    return result;
  };
}
