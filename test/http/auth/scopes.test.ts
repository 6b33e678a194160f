import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { fieldScopes } from '../../../src/graphql/limits/field-scopes';
import { startKeyedServer, type KeyedServer } from '../../support/server/keyed-server';

const keys = {
  none: { scopes: ['erase'] },
  record: { scopes: ['record'] },
  read: { scopes: ['read'] },
  erase: { scopes: ['erase'] },
  recordAndRead: { scopes: ['record', 'read'] },
  admin: { scopes: ['admin'] },
  ownRecord: { scopes: ['record'], userId: 'own' },
  ownRead: { scopes: ['read'], userId: 'own' },
  ownErase: { scopes: ['erase'], userId: 'own' },
  ownAdmin: { scopes: ['admin'], userId: 'own' },
} as const;
type KeyName = keyof typeof keys;

let server: KeyedServer<KeyName>;
let sent = 0;

const action = { time: '2026-01-01T00:00:00Z', type: 'T', properties: { x: 1, y: 1 } };
const sessionOf = (userId: string) => ({ userId, sessionId: `${userId}-session`, actions: [action] });

beforeAll(async () => {
  server = await startKeyedServer(keys);
  for (const userId of ['own', 'other']) {
    const { status } = await server.send('/logs/', 'recordAndRead', {
      method: 'POST',
      body: JSON.stringify(sessionOf(userId)),
    });
    expect(status).toBe(201);
  }
});
afterAll(() => server.stop());

/** A document for each field that needs a scope; `$user` is the user that it names. */
const documents: Readonly<Record<string, string>> = {
  'Query.logs': '{ logs(user: $user) { userId } }',
  'Query.logsConnection':
    '{ logsConnection(filter: { userIds: [$user] }) { nodes { userId } totalCount { value } } }',
  'Query.logHistogram':
    '{ logHistogram(filter: { userIds: [$user] }, interval: DAY, groupBy: USER) { buckets { count groups { key } } } }',
  'Query.logTypes': '{ logTypes(filter: { userIds: [$user] }) { types { type } } }',
  'Query.clickMap':
    '{ clickMap(filter: { userIds: [$user], types: ["T"] }, x: "x", y: "y") { cells { count } } }',
  'Query.session': '{ session(userId: $user, sessionId: "other-session") { userId } }',
  'Query.sessions': '{ sessions(filter: { userIds: [$user] }) { nodes { userId } } }',
  'Query.serverInfo': '{ serverInfo { version } }',
  'Query.viewer': '{ viewer { name } }',
  'Mutation.recordSession':
    'mutation { recordSession(input: { userId: $user, sessionId: "s", actions: [] }) { recordedCount } }',
  'RecordSessionPayload.entries':
    'mutation { recordSession(input: { userId: $user, sessionId: "s", actions: [] }) { entries { id } } }',
  'Mutation.deleteUserData': 'mutation { deleteUserData(userId: $user, dryRun: true) { deletedCount } }',
  'Mutation.deleteSession':
    'mutation { deleteSession(userId: $user, sessionId: "s", dryRun: true) { deletedCount } }',
};

it('every root field has a scope, or needs any key', () => {
  const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
  const roots = [schema.getQueryType()!, schema.getMutationType()!].flatMap((type) =>
    Object.keys(type.getFields()).map((field) => `${type.name}.${field}`),
  );
  expect(Object.keys(fieldScopes).sort()).toEqual([...roots, 'RecordSessionPayload.entries'].sort());
  expect(Object.keys(documents).sort()).toEqual(Object.keys(fieldScopes).sort());
});

/** The scopes that the field of a document needs. */
function neededScopes(field: string): readonly string[] {
  if (field === 'RecordSessionPayload.entries') return ['record', 'read'];
  const scope = fieldScopes[field];
  return scope ? [scope] : [];
}

const cases = Object.keys(documents).flatMap((field) =>
  (Object.keys(keys) as KeyName[]).map((key) => [field, key] as const),
);

describe.each(cases)('%s with the key %s', (field, key) => {
  const scopes: readonly string[] = keys[key].scopes;
  const isBound = 'userId' in keys[key];
  const isAllowed = scopes.includes('admin') || neededScopes(field).every((scope) => scopes.includes(scope));

  it.each(['own', 'other'])('for the user %s', async (user) => {
    const document = documents[field]!.replaceAll('$user', JSON.stringify(user));
    const isWrite = field.startsWith('Mutation') || field.startsWith('RecordSession');
    // The first request goes through Apollo Server, later ones do not.
    for (let at = 0; at < 3; at++) {
      const { status, body } = await server.ask(key, document);
      const { data, errors } = body as { data?: unknown; errors?: { extensions: { code: string } }[] };
      if (!isAllowed) {
        expect([status, errors![0]!.extensions.code, data]).toEqual([403, 'FORBIDDEN', undefined]);
      } else if (isBound && user === 'other' && isWrite) {
        expect(errors![0]!.extensions.code).toBe('FORBIDDEN');
      } else {
        expect(errors).toBeUndefined();
        if (isBound) expect(JSON.stringify(data)).not.toContain('other');
      }
    }
    sent++;
  });
});

it('asked for every field with every key', () => {
  expect(sent).toBe(cases.length * 2);
});

it('no key, an unknown one, a mistyped one: 401', async () => {
  for (const authorization of [
    undefined,
    'Bearer lm_x',
    `Bearer ${server.texts.admin}x`,
    'Basic abc',
    'Bearer',
  ]) {
    // Programs on this machine may read /metrics without a key, unless a proxy forwards them.
    const headers = { forwarded: 'for=192.0.2.1', ...(authorization && { authorization }) };
    for (const path of ['/graphql?query={viewer{name}}', '/logs/', '/metrics']) {
      const { status, body } = await server.send(path, undefined, { headers });
      expect([path, status]).toEqual([path, 401]);
      expect(body).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    }
  }
});
