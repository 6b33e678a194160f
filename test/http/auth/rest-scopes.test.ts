import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isAll } from '../../support/scale';
import { startKeyedServer, type KeyedServer } from '../../support/server/keyed-server';
import { keyNames, keys, type KeyName } from './support/scope-keys';

let server: KeyedServer<KeyName>;
beforeAll(async () => {
  server = await startKeyedServer(keys, { MAX_LOGS_RESULT: '8' });
  // Of each user 6 entries: those of all are more than a result may hold.
  for (const second of [1, 2, 3]) {
    for (const userId of ['own', 'other', 'others']) {
      const actions = ['A', 'B'].map((type) => ({ time: `2026-01-01T00:00:0${second}Z`, type }));
      const body = JSON.stringify({ userId, sessionId: 's', actions });
      expect((await server.send('/logs/', 'recordAndRead', { method: 'POST', body })).status).toBe(201);
    }
  }
});
afterAll(() => server.stop());

const can = (key: KeyName, scope: 'record' | 'read'): boolean =>
  keys[key].scopes.some((each) => each === scope || each === 'admin');
const isBound = (key: KeyName): boolean => 'userId' in keys[key];
const countEntries = (): Promise<number> => server.store.countEntries({}, 1_000_000, { mustBeLatest: true });

/** Values of every parameter but `user`. */
const filters: readonly Readonly<Record<string, string>>[] = [
  {},
  { type: 'A' },
  { type: 'none' },
  { start_time: '2026-01-01T00:00:02Z' },
  { end_time: '2026-01-01T00:00:02Z' },
  { start_time: '2026-01-01', end_time: '2026-01-01T00:00:03Z', type: 'B' },
  { limit: '4' },
  { limit: '100', type: 'A' },
  { format: 'json' },
  { order: 'desc', limit: '5' },
  { format: 'ndjson', order: 'desc' },
  { format: 'csv', formulas: 'keep', limit: '3' },
];

describe.each(isAll ? ['/logs', '/logs/'] : ['/logs/'])('GET %s', (path) => {
  function get(key: KeyName, parameters: Readonly<Record<string, string>>, isBody = false) {
    const { limit, ...others } = parameters;
    if (!isBody) return server.send(`${path}?${new URLSearchParams(parameters)}`, key);
    const body = JSON.stringify({ ...others, ...(limit !== undefined && { limit: Number(limit) }) });
    return server.send(path, key, { body });
  }

  it.each(keyNames)('shows the key %s what it may see, with every filter', async (key) => {
    for (const user of ['own', 'other', undefined]) {
      for (const filter of filters) {
        for (const isBody of [false, true]) {
          const answer = await get(key, { ...filter, ...(user && { user }) }, isBody);
          if (!can(key, 'read')) {
            expect([answer.status, answer.body.errors[0].extensions.code]).toEqual([403, 'FORBIDDEN']);
            continue;
          }
          // As if the store held the user of the key alone.
          const all = { ...filter, ...(user && { user }), ...(isBound(key) && { user: seen(user) }) };
          const expected = await get('admin', all, isBody);
          expect([answer.status, answer.text]).toEqual([expected.status, expected.text]);
          expect(answer.headers['link'] === undefined).toBe(expected.headers['link'] === undefined);
          if (isBound(key)) expect(answer.text).not.toContain('other');
        }
      }
    }
  });
  const seen = (user: string | undefined): string => (user === 'other' ? 'nobody' : 'own');

  it.each(keyNames)('exports to the key %s what it may see, with every filter in JSON', async (key) => {
    const all = ['own', 'other', 'others'];
    for (const userIds of [undefined, ['own'], ['other'], ['other', 'own'], all]) {
      for (const rest of [
        {},
        { types: ['A'] },
        { startTime: '2026-01-01T00:00:02Z' },
        { sessionIds: ['s'] },
      ]) {
        const ask = (who: KeyName, ids: readonly string[] | undefined) =>
          get(who, { format: 'ndjson', filter: JSON.stringify({ ...rest, ...(ids && { userIds: ids }) }) });
        const answer = await ask(key, userIds);
        if (!can(key, 'read')) {
          expect([answer.status, answer.body.errors[0].extensions.code]).toEqual([403, 'FORBIDDEN']);
          continue;
        }
        const seenIds = (userIds ?? all).includes('own') ? ['own'] : ['nobody'];
        const expected = await ask('admin', isBound(key) ? seenIds : userIds);
        expect([answer.status, answer.text]).toEqual([200, expected.text]);
        if (isBound(key)) expect(answer.text).not.toContain('other');
      }
    }
  });

  it('takes no other parameter', async () => {
    const { body } = await get('read', { unknown: '' });
    const [, known] = /: use (.*)$/.exec(body.errors[0].message) ?? [];
    const tried = [...filters.flatMap((filter) => Object.keys(filter)), 'user', 'after', 'filter'];
    expect(new Set(known!.split(', '))).toEqual(new Set(tried));
  });

  it.each(['ownRead', 'ownAdmin'] as const)('walks the pages of the user of %s alone', async (key) => {
    const walked: unknown[] = [];
    let next: string | undefined = `${path}?limit=4`;
    while (next !== undefined) {
      const { body, headers } = await server.send(next, key);
      walked.push(...(body as unknown[]));
      next = /^<(.*)>/.exec(String(headers['link'] ?? ''))?.[1];
      if (next) expect(decodeURIComponent(next)).not.toContain('other');
    }
    expect(walked).toEqual((await get('admin', { user: 'own' })).body);
    expect(walked).toHaveLength(6);
  });

  it('answers HEAD as GET, without a body', async () => {
    for (const key of keyNames) {
      const { status, headers, text } = await server.send(path, key, { method: 'HEAD' });
      expect([status, text]).toEqual([(await get(key, {})).status, '']);
      if (status === 200) expect(headers['content-length']).toBe(String((await get(key, {})).text.length));
    }
  });
});

describe('POST /logs/', () => {
  const actions = ['C', 'D'].map((type) => ({ time: '2026-01-01T00:00:04Z', type }));

  it.each(keyNames)('records for the key %s what it may record', async (key) => {
    for (const path of ['/logs', '/logs/']) {
      for (const userId of ['own', 'other', undefined]) {
        const before = await countEntries();
        const body = JSON.stringify({ userId, sessionId: 'new', actions });
        const answer = await server.send(path, key, { method: 'POST', body });
        const recorded = (await countEntries()) - before;
        const status = !can(key, 'record')
          ? 403
          : userId === undefined
            ? 400
            : isBound(key) && userId === 'other'
              ? 403
              : 201;
        expect([answer.status, recorded]).toEqual([status, status === 201 ? 2 : 0]);
        if (status !== 201) continue;
        expect(answer.headers['recorded-count']).toBe('2');
        expect(answer.body).toHaveLength(can(key, 'read') ? 2 : 0);
      }
    }
  });

  it('shows a key that may only record nothing of what it repeats', async () => {
    const body = JSON.stringify({ userId: 'own', sessionId: 'repeated', actions });
    for (const isReplayed of [undefined, 'true']) {
      const headers = { 'idempotency-key': 'repeated' };
      const answer = await server.send('/logs/', 'record', { method: 'POST', body, headers });
      expect([answer.status, answer.text, answer.headers['recorded-count']]).toEqual([201, '[]', '2']);
      expect(answer.headers['idempotent-replayed']).toBe(isReplayed);
    }
  });
});

it('without a key: 401', async () => {
  for (const method of ['GET', 'POST', 'HEAD']) {
    for (const path of ['/logs', '/logs/', '/logs/?user=own']) {
      const body = method === 'POST' ? '{}' : undefined;
      expect((await server.send(path, undefined, { method, body })).status).toBe(401);
    }
  }
});
