import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient as createUrqlClient, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient, type ClientOptions } from 'graphql-ws';
import WebSocket from 'ws';
import { startKeyedServer, type KeyedServer } from '../../support/server/keyed-server';
import { subscription } from './support';

let server: KeyedServer<'app'>;
beforeAll(async () => {
  server = await startKeyedServer({ app: {} });
});
afterAll(() => server.stop());

const headers = () => ({ authorization: `Bearer ${server.texts.app}` });
const wsOptions = (): ClientOptions => ({
  url: `${server.url.replace('http', 'ws')}/graphql`,
  webSocketImpl: WebSocket,
  connectionParams: headers(),
});
const query = '{ viewer { name } }';

interface Data {
  readonly logRecorded: { readonly cursor: string; readonly entries: readonly { readonly type: string }[] };
}

let sessionCount = 0;

/** Records an entry when a subscription has begun, and returns the types of the entries of the next messages. */
async function watch(results: AsyncIterator<{ data?: unknown }>): Promise<string[]> {
  const begin = await results.next();
  expect((begin.value as { data: Data }).data.logRecorded.entries).toEqual([]);
  const actions = [{ time: '2026-01-01T00:00:00Z', type: 'SEEN', properties: {} }];
  const body = JSON.stringify({ userId: 'u', sessionId: `s${sessionCount++}`, actions });
  expect((await server.send('/logs/', 'app', { method: 'POST', body })).status).toBe(201);
  const types: string[] = [];
  while (types.length === 0) {
    const { value } = await results.next();
    types.push(...(value as { data: Data }).data.logRecorded.entries.map(({ type }) => type));
  }
  await results.return?.();
  return types;
}

/** The results that a client pushes, to be pulled. */
function toIterator<Result>(start: (push: (result: Result) => void) => () => void): AsyncIterator<Result> {
  const results: Result[] = [];
  let wake = (): void => {};
  const stop = start((result) => {
    results.push(result);
    wake();
  });
  return {
    async next() {
      while (results.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return { done: false, value: results.shift()! };
    },
    async return() {
      stop();
      return { done: true, value: undefined };
    },
  };
}

describe('the client of', () => {
  it('graphql-ws subscribes and asks', async () => {
    const client = createWsClient(wsOptions());
    expect(await watch(client.iterate({ query: subscription }))).toEqual(['SEEN']);
    expect(await client.iterate({ query }).next()).toMatchObject({
      value: { data: { viewer: { name: 'app' } } },
    });
    await client.dispose();
  });

  it('graphql-sse subscribes and asks', async () => {
    const client = createSseClient({ url: `${server.url}/graphql`, headers: headers() });
    expect(await watch(client.iterate({ query: subscription }))).toEqual(['SEEN']);
    expect(await client.iterate({ query }).next()).toMatchObject({
      value: { data: { viewer: { name: 'app' } } },
    });
    client.dispose();
  });

  it('Apollo subscribes over graphql-ws, and asks', async () => {
    const wsClient = createWsClient(wsOptions());
    const client = new ApolloClient({ link: new GraphQLWsLink(wsClient), cache: new InMemoryCache() });
    const results = client.subscribe<Data>({ query: gql(subscription), fetchPolicy: 'no-cache' });
    expect(
      await watch(
        toIterator<{ data?: unknown }>((push) => {
          const started = results.subscribe(push);
          return () => started.unsubscribe();
        }),
      ),
    ).toEqual(['SEEN']);
    expect((await client.query({ query: gql(query) })).data).toMatchObject({ viewer: { name: 'app' } });
    client.stop();
    await wsClient.dispose();
    const overHttp = new ApolloClient({
      link: new HttpLink({ uri: `${server.url}/graphql`, headers: headers() }),
      cache: new InMemoryCache(),
    });
    expect((await overHttp.query({ query: gql(query) })).data).toMatchObject({ viewer: { name: 'app' } });
  });

  it('urql subscribes over graphql-ws', async () => {
    const wsClient = createWsClient(wsOptions());
    const client = createUrqlClient({
      url: `${server.url}/graphql`,
      preferGetMethod: false,
      exchanges: [
        subscriptionExchange({
          forwardSubscription: ({ query: text, variables }) => ({
            subscribe: (sink) => {
              const request = { query: text!, variables: variables as Record<string, unknown> };
              return { unsubscribe: wsClient.subscribe(request, sink as never) };
            },
          }),
        }),
      ],
    });
    const results = client.subscription(subscription, {});
    expect(
      await watch(toIterator<{ data?: unknown }>((push) => results.subscribe(push).unsubscribe)),
    ).toEqual(['SEEN']);
    await wsClient.dispose();
  });

  it('urql subscribes by an event stream, and asks', async () => {
    const client = createUrqlClient({
      url: `${server.url}/graphql`,
      preferGetMethod: false,
      fetchSubscriptions: true,
      fetchOptions: { headers: headers() },
      exchanges: [fetchExchange],
    });
    const results = client.subscription(subscription, {});
    expect(
      await watch(toIterator<{ data?: unknown }>((push) => results.subscribe(push).unsubscribe)),
    ).toEqual(['SEEN']);
    expect((await client.query(query, {})).data).toMatchObject({ viewer: { name: 'app' } });
  });
});
