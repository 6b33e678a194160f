import { createClient, type Client } from 'graphql-ws';
import { authorization, onAccessKey } from './key';
import { graphqlUrl } from './request';

let client: Client | undefined;

/** The WebSocket to this page's server. It opens with the first subscription and closes after the last one. */
export function liveClient(): Client {
  client ??= createClient({
    url: new URL(graphqlUrl, location.href.replace(/^http/, 'ws')).href,
    connectionParams: () => authorization(),
    // Who subscribes goes on from the last cursor: see live/.
    retryAttempts: 0,
  });
  return client;
}

onAccessKey(() => {
  void client?.dispose();
  client = undefined;
});
