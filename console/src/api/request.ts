import type { TypedDocumentString } from '../gql/graphql';
import { errorOf, offlineError, proxyError } from './api-error';
import { accessKey, authorization } from './key';

/** Where this page's server takes GraphQL. */
export const graphqlUrl = '/graphql';

/**
 * Sends one operation to this page's server.
 * @param key the access key to send; by default the one that is signed in
 * @throws {ApiError} on any error: an answer with data and errors counts as an error, since it is not complete
 */
export async function request<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
  key = accessKey(),
): Promise<Data> {
  const watch = watchServer(signal);
  try {
    const response = await send({ query: document.toString(), variables }, key, watch.signal);
    const answer = await readJson(response, watch.signal);
    if (answer?.errors) throw errorOf(answer.errors);
    if (!answer?.data) throw proxyError(response, 'The answer has no data');
    return answer.data as Data;
  } finally {
    watch.end();
  }
}

/** Milliseconds without an answer after which the page asks whether the server is there, and again. */
const silentMs = 15_000;
const aliveMs = 5_000;

/** Whether the server answers at all. */
export async function isAlive(): Promise<boolean> {
  const signal = AbortSignal.timeout(aliveMs);
  const response = await fetch('/livez', { cache: 'no-store', signal }).catch(() => undefined);
  return response?.ok === true;
}

/** Ends a request to a server that is away: a connection that was cut tells nothing, and a long read is answered late. */
function watchServer(outer: AbortSignal | undefined) {
  const aborter = new AbortController();
  const onAbort = (): void => aborter.abort(outer?.reason);
  if (outer?.aborted) onAbort();
  outer?.addEventListener('abort', onAbort);
  const timer = setInterval(
    () => void isAlive().then((isThere) => !isThere && aborter.abort(offlineError())),
    silentMs,
  );
  const end = (): void => {
    clearInterval(timer);
    outer?.removeEventListener('abort', onAbort);
  };
  return { signal: aborter.signal, end };
}

async function send(body: object, key: string | null, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...authorization(key) },
      body: JSON.stringify(body),
      signal,
    });
  } catch {
    throw signal.aborted ? signal.reason : offlineError();
  }
}

async function readJson(
  response: Response,
  signal: AbortSignal,
): Promise<{ readonly data?: unknown; readonly errors?: unknown } | null> {
  try {
    return (await response.json()) as { data?: unknown; errors?: unknown } | null;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error instanceof SyntaxError ? proxyError(response, 'The answer is not JSON') : offlineError();
  }
}
