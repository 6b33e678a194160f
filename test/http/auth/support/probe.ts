import type { HttpAnswer } from '../../../support/server/http';
import type { KeyedServer } from '../../../support/server/keyed-server';

/** A request of a client that tries what its key lets it see. */
export interface Probe {
  readonly method: 'GET' | 'POST' | 'HEAD';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** Whether the key is in the body, which is text/plain then. */
  readonly isBeacon?: true;
}

/** Sends a probe with a key, as a program would that has the key. */
export function sendProbe<Name extends string>(
  server: KeyedServer<Name>,
  key: Name,
  { method, path, headers, body, isBeacon }: Probe,
): Promise<HttpAnswer> {
  const origin = { origin: page, ...headers };
  if (!isBeacon) {
    return server.send(path, key, { method, headers: origin, body: body && JSON.stringify(body) });
  }
  const text = JSON.stringify({ ...body, key: server.texts[key] });
  return server.send(path, undefined, {
    method,
    headers: { ...origin, 'content-type': 'text/plain' },
    body: text,
  });
}

/** The origin of the page that has the public key. */
export const page = 'https://shop.example';

const ofConnection = new Set(['date', 'keep-alive', 'connection']);

/** All of an answer but what no two servers have in common: the times of recordings and of the answer. */
export function comparable({ status, headers, text }: HttpAnswer): string {
  const others = Object.entries(headers).filter(([name]) => !ofConnection.has(name));
  // Of the times of entries, none is of these years.
  const shown = text.replace(/"20(2\d|[3-9]\d)-[^"]+Z"/g, '"now"');
  return JSON.stringify([status, others, shown], undefined, 1);
}

/** GraphQL by POST, or as the query string of a GET. */
export function toProbe(query: string, variables: object = {}, isGet = false): Probe {
  if (!isGet) return { method: 'POST', path: '/graphql', body: { query, variables } };
  const parameters = new URLSearchParams({ query, variables: JSON.stringify(variables) });
  return { method: 'GET', path: `/graphql?${parameters}` };
}
