import { createKeyText, digestKey, visiblePart } from '../../../src/logs/access/api-key';
import type { ApiKey } from '../../../src/logs/access/key-store';
import { createDatabase } from '../database/database';
import { openTestStore } from '../database/store';
import { keepAlive, sendHttp, type HttpAnswer } from './http';
import { startServer } from './server';

/** What a test says of a key; the rest is as `log-manager keys create` has it by default. */
export type TestKey = Partial<Omit<ApiKey, 'digest' | 'prefix' | 'createdAt'>>;

/** A key as it is stored. */
export function toStoredKey(text: string, key: TestKey & { readonly name: string }): ApiKey {
  return {
    scopes: ['record', 'read'],
    userId: null,
    origins: null,
    isPublic: false,
    ratePerSecond: null,
    expiresAt: null,
    revokedAt: null,
    lastUsedAt: null,
    ...key,
    digest: digestKey(text),
    prefix: visiblePart(text),
    createdAt: '2026-01-01T00:00:00.000Z',
  };
}

export type KeyedServer<Name extends string> = Awaited<ReturnType<typeof startKeyedServer<Name>>>;

/** A server whose database has these keys when it starts. */
export async function startKeyedServer<Name extends string>(
  keys: Readonly<Record<Name, TestKey>>,
  environment: Record<string, string> = {},
) {
  const database = await createDatabase();
  const store = await openTestStore(database.url);
  const texts = {} as Record<Name, string>;
  for (const [name, key] of Object.entries<TestKey>(keys)) {
    texts[name as Name] = createKeyText();
    await store.keys.insert(toStoredKey(texts[name as Name], { ...key, name }));
  }
  const server = await startServer({ DATABASE_URL: database.url, ...environment });

  function send(path: string, key: Name | undefined, options: Parameters<typeof sendHttp>[1] = {}) {
    const authorization = key === undefined ? {} : { authorization: `Bearer ${texts[key]}` };
    const headers = { ...authorization, ...options.headers };
    return sendHttp(server.url + path, { agent: keepAlive, ...options, headers });
  }

  return {
    url: server.url,
    store,
    database,
    texts,
    send,
    /** Sends a GraphQL request that bears a key. */
    ask: (key: Name | undefined, query: string, variables: object = {}): Promise<HttpAnswer> =>
      send('/graphql', key, { method: 'POST', body: JSON.stringify({ query, variables }) }),
    async stop() {
      await server.stop();
      await store.close();
      await database.remove();
    },
  };
}
