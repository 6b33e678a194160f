import { request, type Agent } from 'node:http';
import { sessionOf } from './sessions';

/** What came of a call: an answer, or a connection that ended without one. */
export type Reply =
  | {
      readonly isAnswered: true;
      readonly status: number;
      // eslint-disable-next-line @typescript-eslint/no-explicit-any -- undefined when it is not JSON: HAProxy's own
      readonly body: any;
      readonly ms: number;
    }
  | { readonly isAnswered: false; readonly error: string; readonly ms: number };

interface CallOptions {
  readonly agent?: Agent;
  readonly headers?: Record<string, string>;
  readonly timeoutMs?: number;
}

/** Sends a GraphQL operation. Unlike `fetch`, it tells connections apart, and what went wrong with them. */
export function call(
  url: string,
  query: string,
  variables: object,
  { agent, headers, timeoutMs = 30_000 }: CallOptions = {},
): Promise<Reply> {
  const startedAt = performance.now();
  const text = JSON.stringify({ query, variables });
  return new Promise((resolve) => {
    const ms = (): number => performance.now() - startedAt;
    const fail = (error: NodeJS.ErrnoException): void =>
      resolve({ isAnswered: false, error: error.code ?? error.message, ms: ms() });
    const sent = request(
      `${url}/graphql`,
      {
        method: 'POST',
        agent: agent ?? false,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
          ...headers,
        },
        signal: AbortSignal.timeout(timeoutMs),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', fail);
        response.on('end', () => {
          const body = parse(Buffer.concat(chunks).toString('utf8'));
          resolve({ isAnswered: true, status: response.statusCode!, body, ms: ms() });
        });
      },
    );
    sent.on('error', fail).end(text);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const logsByUser = `query ($user: String!) { logs(user: $user) { properties } }`;

export interface ReadProblem {
  /** Whether the answer was a refusal that says that it may be asked again, as opposed to a wrong one. */
  readonly isRefusal: boolean;
  readonly what: string;
}

/** Reads a session back, by its user; gives back what is wrong with the answer, so nothing when it is whole. */
export async function readBack(
  url: string,
  sessionId: string,
  options?: CallOptions,
): Promise<ReadProblem | undefined> {
  const { userId, actions } = sessionOf(sessionId);
  const reply = await call(url, logsByUser, { user: userId }, options);
  const logs = reply.isAnswered ? reply.body?.data?.logs : undefined;
  if (!Array.isArray(logs)) {
    const what = `${sessionId}: ${JSON.stringify(reply).slice(0, 500)}`;
    return { isRefusal: isRefusal(reply), what };
  }
  const ids = new Set(logs.map(({ properties }) => properties.id));
  const isWhole =
    logs.length === actions.length && actions.every(({ properties }) => ids.has(properties['id']));
  if (isWhole) return undefined;
  return { isRefusal: false, what: `${sessionId}: ${logs.length} entries of ${actions.length}` };
}

/** SERVICE_UNAVAILABLE, or HAProxy's 503 when no instance is ready. */
function isRefusal(reply: Reply): boolean {
  if (!reply.isAnswered) return false;
  if (reply.body === undefined) return reply.status === 503;
  const { code, retryable } = reply.body.errors?.[0]?.extensions ?? {};
  return code === 'SERVICE_UNAVAILABLE' && retryable === true;
}
