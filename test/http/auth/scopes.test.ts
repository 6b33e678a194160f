import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { extendSchema, parse, type OperationDefinitionNode } from 'graphql';
import { fieldScopes, scopesOf } from '../../../src/graphql/limits/field-scopes';
import { caseCount, isAll } from '../../support/scale';
import type { HttpAnswer } from '../../support/server/http';
import { startKeyedServer, type KeyedServer } from '../../support/server/keyed-server';
import { forms, type Form } from './support/document-forms';
import { rootFieldNames, schema, userArguments, writeField } from './support/root-fields';
import { keyNames, keys, type KeyName } from './support/scope-keys';

const users = ['own', 'other', undefined] as const;

/** What each field's arguments say of users. A new field, or one that names a user in a new way, needs a rule here. */
const knownUserArguments = [
  'Query.logs user',
  'Query.logsConnection filter.userIds',
  'Query.logHistogram filter.userIds',
  'Query.logTypes filter.userIds',
  'Query.clickMap filter.userIds',
  'Query.logChanges filter.userIds',
  'Query.session userId',
  'Query.sessions filter.userIds',
  'Mutation.recordSession input.userId',
  'Mutation.deleteUserData userId',
  'Mutation.deleteSession userId',
  'Subscription.logRecorded filter.userIds',
];

interface HttpError {
  readonly message: string;
  readonly extensions: { readonly code: string };
}

/** What an answer says: all is well, or why it is refused. */
type Verdict = 'allowed' | 'lacks a scope' | 'names another user' | 'is not valid' | 'is a mutation';

let server: KeyedServer<KeyName>;
beforeAll(async () => {
  server = await startKeyedServer(keys);
  for (const userId of ['own', 'other', 'others']) {
    const actions = [{ time: '2026-01-01T00:00:00Z', type: 'T', properties: { locationX: 1, locationY: 1 } }];
    const body = JSON.stringify({ userId, sessionId: 's', actions });
    expect((await server.send('/logs/', 'recordAndRead', { method: 'POST', body })).status).toBe(201);
  }
});
afterAll(() => server.stop());

const countEntries = (): Promise<number> => server.store.countEntries({}, 1_000_000, { mustBeLatest: true });

it('every root field has a rule, and everything that names a user', () => {
  const nested = Object.keys(fieldScopes).filter((name) => !rootFieldNames.includes(name));
  expect(nested).toEqual(['RecordSessionPayload.entries']);
  expect(Object.keys(fieldScopes).sort()).toEqual([...rootFieldNames, ...nested].sort());
  expect([...userArguments].sort()).toEqual([...knownUserArguments].sort());
});

it('a root field without a rule needs admin', () => {
  const types = ['Query', 'Mutation', 'Subscription'].map((type) => `extend type ${type} { new: Int }`);
  const extended = extendSchema(schema, parse(types.join(' ')));
  for (const operation of ['query', 'mutation', 'subscription']) {
    const document = parse(`${operation} { new }`);
    const [definition] = document.definitions as [OperationDefinitionNode];
    expect(scopesOf(document, definition, extended)).toBe(8);
  }
});

function isAllowed(field: string, key: KeyName): boolean {
  const scopes: readonly string[] = keys[key].scopes;
  const needed = field === 'RecordSessionPayload.entries' ? ['record', 'read'] : [fieldScopes[field]];
  return scopes.includes('admin') || needed.every((scope) => scope === null || scopes.includes(scope!));
}

function toVerdict({ status, body }: HttpAnswer): string {
  const { data, errors } = body as { data?: unknown; errors?: HttpError[] };
  if (!errors) return 'allowed';
  const { message, extensions } = errors[0]!;
  const { code } = extensions;
  if (data !== undefined) return JSON.stringify(body);
  if (status === 403 && code === 'FORBIDDEN') {
    return message.includes('names another') ? 'names another user' : 'lacks a scope';
  }
  if (status === 400 && code === 'GRAPHQL_VALIDATION_FAILED') return 'is not valid';
  return status === 405 ? 'is a mutation' : JSON.stringify(body);
}

/** Cursors as the positions in them: beside these, they have a digest of the filter as it was sent. */
function withPositions(text: string): string {
  return text.replace(/(?<=ursor":")[^"]+/g, (cursor) =>
    Buffer.from(cursor, 'base64url').subarray(15).toString(),
  );
}

const methods = ['GET', 'POST'] as const;

/** All combinations, or each 10th in `npm test`: another one of each key, user and form for each field. */
const stride = caseCount(10, 1);

/** Subscriptions have transports of their own. */
const requested = Object.keys(fieldScopes).filter((field) => !field.startsWith('Subscription.'));

describe.each(requested)('%s', (field) => {
  const isMutation = !field.startsWith('Query.');

  function requestOf(form: Form, user: string | undefined) {
    const text = writeField(field, user && (form.hasVariable ? '$user' : JSON.stringify(user)));
    return { ...form.write(text), ...(form.hasVariable && { variables: { user } }) };
  }

  function send(key: KeyName | undefined, method: 'GET' | 'POST', form: Form, user: string | undefined) {
    const request = requestOf(form, user);
    if (method === 'POST') return server.send('/graphql', key, { method, body: JSON.stringify(request) });
    const { variables, ...parameters } = request;
    const query = new URLSearchParams({ ...parameters, variables: JSON.stringify(variables ?? {}) });
    return server.send(`/graphql?${query}`, key);
  }

  function expected(key: KeyName, method: 'GET' | 'POST', form: Form, user: string | undefined): Verdict {
    if (form.isOther) return 'allowed';
    if (isMutation && method === 'GET') return 'is a mutation';
    if (!isAllowed(field, key)) return 'lacks a scope';
    const isOfAnother = isMutation && 'userId' in keys[key] && user === 'other';
    return isOfAnother ? 'names another user' : 'allowed';
  }

  async function check(key: KeyName, method: 'GET' | 'POST', form: Form, user: string | undefined) {
    const before = isMutation ? await countEntries() : 0;
    const answer = await send(key, method, form, user);
    const verdict = toVerdict(answer);
    expect(verdict).toBe(expected(key, method, form, user));
    if (isMutation && (verdict !== 'allowed' || form.isSkipped || form.isOther)) {
      expect(await countEntries()).toBe(before);
    }
    // Reads are those of a store that holds the user alone.
    if (isMutation || !('userId' in keys[key]) || verdict !== 'allowed' || field === 'Query.viewer') return;
    if (form.isOther) return;
    const all = await send('admin', method, form, user === 'other' ? 'nobody' : 'own');
    expect(withPositions(answer.text)).toBe(withPositions(all.text));
  }

  const cells = Object.entries<Form>(forms).flatMap(([name, form]) =>
    keyNames.flatMap((key) => users.map((user) => ({ name, form, key, user }))),
  );

  it.each(Object.keys(forms))('by POST and GET: %s', async (wanted) => {
    const seen = new Set<string>();
    for (const [at, { name, form, key, user }] of cells.entries()) {
      if (name !== wanted || (at + field.length) % stride !== 0) continue;
      const text = writeField(field, user);
      if (form.operations?.includes(text.operation) === false) continue;
      for (const method of isAll || name === 'plain' ? methods : [methods[at % 2]!]) {
        const all = toVerdict(await send('admin', method, form, user));
        if (all === 'is not valid') {
          expect(text.isValid && name !== 'beside introspection').toBe(false);
          expect(toVerdict(await send(key, method, form, user))).toBe(all);
          continue;
        }
        seen.add(all);
        // The first request goes through Apollo Server, later ones do not.
        const times = method === 'POST' && name === 'plain' ? 3 : 1;
        for (let sent = 0; sent < times; sent++) await check(key, method, form, user);
      }
    }
    if (wanted === 'plain') expect(seen).toContain('allowed');
  });

  it('without a key: 401', async () => {
    for (const method of ['GET', 'POST'] as const) {
      const { status, body } = await send(undefined, method, forms.plain, 'own');
      expect([status, body.data]).toEqual([401, undefined]);
      expect(body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
    }
  });
});

it.each([
  ['own', 200, 2],
  ['other', 403, 0],
])('records for the own user, and for the user %s beside it: all or nothing', async (user, status, count) => {
  const record = (userId: string) => `recordSession(input: {
    userId: "${userId}", sessionId: "s", actions: [{ time: "2026-01-01T00:00:00Z", type: "T" }]
  }) { recordedCount }`;
  const before = await countEntries();
  const answer = await server.ask('ownRecord', `mutation { a: ${record('own')} b: ${record(user)} }`);
  expect([answer.status, (await countEntries()) - before]).toEqual([status, count]);
});

it('knows no persisted documents, and no batches', async () => {
  const extensions = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } };
  const query = '{ logs { userId } }';
  for (const body of [{ extensions }, { query, extensions }, [{ query }]]) {
    const { text } = await server.send('/graphql', 'record', {
      method: 'POST',
      body: JSON.stringify(body),
    });
    expect(text).toContain('"errors"');
    expect(text).not.toContain('"data"');
  }
});
