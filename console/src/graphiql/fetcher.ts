import type { Fetcher, FetcherOpts, FetcherParams } from '@graphiql/toolkit';
import { getOperationAST, GraphQLError, OperationTypeNode, type ExecutionResult } from 'graphql';
import { createClient } from 'graphql-ws';
import { proxyError } from '../api/api-error';
import { authorization } from '../api/key';
import { graphqlUrl } from '../api/request';
import { toApiError } from '../live/live-connection';

/**
 * Sends an operation of GraphiQL to this page's server, with the key that is signed in unless the headers have one;
 * subscriptions over WebSocket.
 */
export const sendOperation: Fetcher = (params, options) => {
  const headers = headersOf(options);
  const { documentAST: document } = options ?? {};
  const named = document && getOperationAST(document, params.operationName);
  // Right after a change of tabs, GraphiQL still has the name of an operation of the tab before.
  const operation = named ?? (document && getOperationAST(document));
  const sent = named ? params : { ...params, operationName: undefined };
  const isSubscription = operation?.operation === OperationTypeNode.SUBSCRIPTION;
  return isSubscription ? subscribe(sent, headers) : post(sent, headers);
};

/** Names in lower case, so that a key that was typed takes the place of the one that is signed in. */
function headersOf(options: FetcherOpts | undefined): Record<string, string> {
  const typed = Object.entries((options?.headers ?? {}) as Record<string, string>);
  return {
    ...authorization(),
    ...Object.fromEntries(typed.map(([name, value]) => [name.toLowerCase(), value])),
  };
}

async function post(params: FetcherParams, headers: Record<string, string>): Promise<ExecutionResult> {
  try {
    const response = await fetch(graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body: JSON.stringify(params),
    });
    return await response.json().then(
      (result) => result as ExecutionResult,
      () => resultOf(proxyError(response, 'The answer is not JSON')),
    );
  } catch (reason) {
    return resultOf(reason);
  }
}

/** An error in words, in place of a result. */
function resultOf(reason: unknown): ExecutionResult {
  const { code, message, extensions } = toApiError(reason);
  return { errors: [new GraphQLError(message, { extensions: { code, ...extensions } })] };
}

async function* subscribe(
  params: FetcherParams,
  headers: Record<string, string>,
): AsyncGenerator<ExecutionResult> {
  const client = createClient({
    url: new URL(graphqlUrl, location.href.replace(/^http/, 'ws')).href,
    connectionParams: headers,
    retryAttempts: 0,
  });
  try {
    const results = client.iterate<Record<string, unknown>>({
      query: params.query,
      operationName: params.operationName,
      variables: params.variables as Record<string, unknown>,
    });
    for await (const result of results) yield result as ExecutionResult;
  } catch (reason) {
    yield resultOf(reason);
  } finally {
    void client.dispose();
  }
}
