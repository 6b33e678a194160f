import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { caseCount } from '../../support/scale';
import { startKeyedServer, type KeyedServer } from '../../support/server/keyed-server';
import type { Session } from '../../support/server/web-sessions';
import { collectCursors } from './support/cursors';
import { comparable, page, sendProbe, toProbe } from './support/probe';
import { deletions, idempotencyKeys, reads, recordings } from './support/probes';
import { createSessions, own, users } from './support/similar-users';

const publicKey = { scopes: ['record'], isPublic: true, origins: [page] } as const;
const keys = {
  // The rate is not what is tried here.
  public: { ...publicKey, ratePerSecond: 1_000_000 },
  usual: publicKey,
  bound: { ...publicKey, userId: own, ratePerSecond: 1_000_000 },
  everybody: { scopes: ['admin'] },
} as const;

/** A server with entries, and one without. */
let full: KeyedServer<keyof typeof keys>;
let empty: KeyedServer<keyof typeof keys>;
let sessions: readonly Session[];

beforeAll(async () => {
  [full, empty] = await Promise.all([startKeyedServer(keys), startKeyedServer(keys)]);
  sessions = createSessions(60);
  for (const [at, session] of sessions.entries()) {
    const body = JSON.stringify({ ...session, idempotencyKey: idempotencyKeys[at] });
    expect((await full.send('/logs/', 'everybody', { method: 'POST', body })).status).toBe(201);
  }
});
afterAll(async () => {
  await Promise.all([full?.stop(), empty?.stop()]);
});

it.each([
  ['public', caseCount(60, 10_000)],
  // Public, and of one user.
  ['bound', caseCount(30, 1_000)],
] as const)(
  'a %s key is answered %i probes as if nothing was recorded',
  async (key, count) => {
    const pool = await collectCursors(full, ['everybody']);
    const probes = fc.oneof(
      { weight: 3, arbitrary: reads(pool) },
      { weight: 4, arbitrary: recordings(users, sessions.slice(0, 20)) },
      { weight: 1, arbitrary: deletions(users) },
    );
    const seen = { recorded: 0, replayed: 0, refused: 0 };
    const sampled = fc.sample(probes, { numRuns: count, seed: 16 });
    // Some are sent again, as clients do that got no answer.
    for (const probe of sampled.flatMap((each, at) => (at % 3 === 0 ? [each, each] : [each]))) {
      const [answer, expected] = await Promise.all([
        sendProbe(full, key, probe),
        sendProbe(empty, key, probe),
      ]);
      if (comparable(answer) !== comparable(expected)) {
        expect([probe, comparable(answer)]).toEqual([probe, comparable(expected)]);
      }
      expect(answer.text).not.toMatch(/"(cursor|entries|nodes|count|value|userId)":/);
      if (answer.status === 201) expect(answer.text).toBe('[]');
      if (answer.status === 201 || answer.text.includes('"recordedCount":')) seen.recorded++;
      if (/"replayed":true/.test(answer.text) || answer.headers['idempotent-replayed']) seen.replayed++;
      if (answer.text.includes('FORBIDDEN')) seen.refused++;
    }
    expect(seen.recorded).toBeGreaterThan(key === 'public' ? count / 5 : 0);
    expect(seen.refused).toBeGreaterThan(count / 5);
    // Its own, sent again.
    if (key === 'public') expect(seen.replayed).toBeGreaterThan(0);
  },
  900_000,
);

describe('a public key', () => {
  const sessionOf = (actionCount: number, more: object = {}) => ({
    userId: 'u',
    sessionId: 's',
    actions: Array.from({ length: actionCount }, () => ({ time: '2026-01-01T00:00:00Z', type: 'T' })),
    ...more,
  });
  const record = 'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }';

  it('may send 64 KiB, in both ways', async () => {
    const properties = { x: '' };
    const size = (isBeacon: boolean, more: object): number =>
      JSON.stringify({ ...more, ...(isBeacon && { key: full.texts.public }) }).length;
    for (const isBeacon of [undefined, true] as const) {
      for (const [bytes, status] of [
        [65_536, 201],
        [65_537, 413],
      ] as const) {
        // Properties hold 32 KiB at most, so that two actions fill the body.
        const actions = [1, 2, 3].map(() => ({ time: '2026-01-01T00:00:00Z', type: 'T', properties }));
        const missing = bytes - size(isBeacon ?? false, sessionOf(0, { actions }));
        const [first, ...others] = actions;
        const fill = (length: number) => ({ ...first!, properties: { x: 'x'.repeat(length) } });
        const third = Math.floor(missing / 3);
        const filled = [fill(third), fill(third), fill(missing - 2 * third)];
        expect(others).toHaveLength(2);
        const body = sessionOf(0, { actions: filled });
        expect(size(isBeacon ?? false, body)).toBe(bytes);
        const answer = await sendProbe(full, 'public', {
          method: 'POST',
          path: '/logs/',
          body,
          ...(isBeacon && { isBeacon }),
        });
        expect(answer.status).toBe(status);
        if (status === 413) expect(answer.body.errors[0].message).toContain('65536 bytes');
      }
    }
  });

  it('may record 100 actions a request', async () => {
    for (const [actionCount, status] of [
      [100, 201],
      [101, 400],
    ] as const) {
      const body = sessionOf(actionCount);
      expect((await sendProbe(full, 'public', { method: 'POST', path: '/logs/', body })).status).toBe(status);
      const { body: answer } = await sendProbe(full, 'public', toProbe(record, { input: body }));
      if (status === 201) expect(answer).toEqual({ data: { recordSession: { recordedCount: 100 } } });
      else expect(answer.errors[0].extensions.violations[0].path).toBe('input.actions');
    }
    // Otherwise 50 fields could name one variable.
    const field = 'recordSession(input: $input) { recordedCount }';
    const twice = `mutation ($input: RecordSessionInput!) { a: ${field} b: ${field} }`;
    const { status, body } = await sendProbe(full, 'public', toProbe(twice, { input: sessionOf(1) }));
    expect([status, body.data, body.errors[0].extensions.code]).toEqual([403, undefined, 'FORBIDDEN']);
  });

  it('may send 200 requests at once, then 50 a second', async () => {
    // An integer: the sum of a fraction and 1,000 may be a little less than 1,000 more.
    const nowMs = Math.ceil(performance.now());
    const clock = jest.spyOn(performance, 'now').mockReturnValue(nowMs);
    const send = () => sendProbe(full, 'usual', { method: 'POST', path: '/logs/', body: sessionOf(0) });
    for (const [atMs, allowed] of [
      [0, 200],
      [1_000, 50],
    ] as const) {
      clock.mockReturnValue(nowMs + atMs);
      for (let at = 0; at < allowed; at++) expect((await send()).status).toBe(201);
      const { status, headers, body } = await send();
      expect([status, headers['retry-after'], body.errors[0].extensions.code]).toEqual([
        429,
        '1',
        'RATE_LIMITED',
      ]);
    }
    clock.mockRestore();
  });

  it.each([
    ['viewer', '{ viewer { name } }'],
    ['the server', '{ serverInfo { version } }'],
    ['the schema', '{ __schema { queryType { name } } }'],
    ['a type name', 'mutation { __typename }'],
    ['entries', record.replace('recordedCount', 'entries { id }')],
    ['a deletion', 'mutation { deleteUserData(userId: "u") { deletedCount } }'],
    ['a deletion too', record.replace(' }', ' } deleteUserData(userId: "u", dryRun: true) { deletedCount }')],
  ])('gets nothing but recordSession by a beacon: not %s', async (_name, query) => {
    const probe = toProbe(query, { input: sessionOf(0) });
    for (let sent = 0; sent < 3; sent++) {
      const { status, body } = await sendProbe(full, 'public', { ...probe, isBeacon: true });
      expect([status, body.data, body.errors[0].extensions.code]).toEqual([403, undefined, 'FORBIDDEN']);
    }
  });

  it('is not taken from the body of a GET', async () => {
    for (const path of ['/logs/', '/graphql', '/metrics']) {
      const headers = { 'content-type': 'text/plain', 'x-forwarded-for': '192.0.2.1', origin: page };
      const body = JSON.stringify({ key: full.texts.public, query: '{ viewer { name } }' });
      expect((await full.send(path, undefined, { headers, body })).status).toBe(401);
    }
  });

  it('in the body is in no error', async () => {
    const key = full.texts.public;
    const headers = { 'content-type': 'text/plain', origin: page };
    const bodies = [
      { key },
      { key, userId: 1, sessionId: null, actions: 'x', more: key.length },
      { key, query: '{' },
      { key, query: '{ logs { id } }' },
      { key, query: 1, variables: [] },
      { key, query: record, variables: { input: { ...sessionOf(1), userId: '' } } },
      { key: [key] },
      [key],
    ].map((body) => JSON.stringify(body));
    for (const path of ['/logs/', '/graphql']) {
      for (const body of [...bodies, bodies[0]!.slice(0, -1), `${bodies[0]!}}`]) {
        for (const origin of [page, 'https://other.example']) {
          const answer = await full.send(path, undefined, {
            method: 'POST',
            headers: { ...headers, origin },
            body,
          });
          expect(answer.status).toBeGreaterThanOrEqual(400);
          expect(answer.status).toBeLessThan(500);
          expect(answer.text).not.toContain(key.slice(3, 20));
        }
      }
    }
  });
});
