import { setTimeout as sleep } from 'node:timers/promises';

const url = process.env['LOG_MANAGER_URL'] ?? 'http://127.0.0.1:4000';
const key = process.env['LOG_MANAGER_KEY'];

const query = `query ($after: String) {
  logChanges(after: $after) {
    entries { id time type properties userId sessionId receivedAt }
    erasures { userId sessionId erasedAt }
    cursor
    hasMore
  }
}`;

export interface Entry {
  readonly id: string;
  readonly time: string;
  readonly type: string;
  readonly properties: Record<string, unknown>;
  readonly userId: string;
  readonly sessionId: string;
  readonly receivedAt: string;
}

export interface Erasure {
  readonly userId: string;
  /** Null: all sessions of the user. */
  readonly sessionId: string | null;
  readonly erasedAt: string;
}

export interface Changes {
  readonly entries: readonly Entry[];
  /** To be applied after `entries` are stored. */
  readonly erasures: readonly Erasure[];
  /** Where the next page starts. */
  readonly cursor: string;
  readonly hasMore: boolean;
}

/** `extensions` of an error: ../../docs/errors.md. */
interface ErrorDetails {
  readonly code: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  /** Such as CURSOR_OF_ANOTHER_DATABASE. */
  readonly reason?: string;
}

interface Answer {
  readonly data?: { readonly logChanges: Changes } | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: ErrorDetails }[];
}

/** An error that the server answered with. Decide by `details`; messages may change. */
export class LogManagerError extends Error {
  constructor(
    message: string,
    readonly details: ErrorDetails,
  ) {
    super(message);
    this.name = 'LogManagerError';
  }
}

/**
 * The page after a cursor; null: the first one. Asks again until the server answers.
 * Throws LogManagerError if it will refuse the request again.
 */
export async function readChanges(after: string | null): Promise<Changes> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await ask(after);
    } catch (error) {
      const details = error instanceof LogManagerError ? error.details : undefined;
      // Without details, no answer arrived: the connection broke, or a proxy answered.
      if (details && !details.retryable) throw error;
      if (attempt === 0) console.error(`No answer from ${url}, trying again: ${error}`);
      await sleep(details?.retryAfterMs ?? Math.min(1_000, 100 * 2 ** attempt));
    }
  }
}

async function ask(after: string | null): Promise<Changes> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ query, variables: { after } }),
    signal: AbortSignal.timeout(60_000),
  });
  const { data, errors } = (await response.json()) as Answer;
  if (errors?.[0]) throw new LogManagerError(errors[0].message, errors[0].extensions);
  if (!data) throw new Error(`HTTP status ${response.status}`);
  return data.logChanges;
}
