import type { TypedDocumentString } from '../gql/graphql';
import { ApiError, errorOf, offlineError } from './api-error';
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
  const response = await send({ query: document.toString(), variables }, key, signal);
  const answer = await readJson(response, signal);
  if (answer?.errors) throw errorOf(answer.errors);
  // A proxy may answer in the server's place.
  if (!answer?.data)
    throw new ApiError('UNKNOWN', `The answer has no data (HTTP status ${response.status}).`);
  return answer.data as Data;
}

async function send(body: object, key: string | null, signal?: AbortSignal): Promise<Response> {
  try {
    return await fetch(graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...authorization(key) },
      body: JSON.stringify(body),
      signal: signal ?? null,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw offlineError();
  }
}

async function readJson(
  response: Response,
  signal?: AbortSignal,
): Promise<{ readonly data?: unknown; readonly errors?: unknown } | null> {
  try {
    return (await response.json()) as { data?: unknown; errors?: unknown } | null;
  } catch (error) {
    if (signal?.aborted) throw error;
    if (error instanceof SyntaxError) {
      throw new ApiError('UNKNOWN', `The answer is not JSON (HTTP status ${response.status}).`);
    }
    throw offlineError();
  }
}
