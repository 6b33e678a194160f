import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createKeyText } from '../../../src/logs/access/api-key';
import { startKeyedServer, type KeyedServer } from '../../support/server/keyed-server';
import { comparable, page } from './support/probe';

const past = '2026-01-02T00:00:00.000Z';
const publicKey = { scopes: ['record'], isPublic: true, origins: [page] } as const;
const keys = {
  inForce: { scopes: ['admin'] },
  revoked: { scopes: ['admin'], revokedAt: past },
  expired: { scopes: ['admin'], expiresAt: past },
  revokedPublic: { ...publicKey, revokedAt: past },
  expiredPublic: { ...publicKey, expiresAt: past },
} as const;

let server: KeyedServer<keyof typeof keys>;
beforeAll(async () => {
  server = await startKeyedServer(keys);
});
afterAll(() => server.stop());

/** Another character in the place of the last one but one, in which all bits count. */
const mistyped = (text: string): string =>
  `${text.slice(0, -2)}${text.at(-2) === 'A' ? 'B' : 'A'}${text.slice(-1)}`;

it('an unknown, a revoked, an expired and a mistyped key get the same answer', async () => {
  const { inForce, ...ended } = server.texts;
  const texts = [createKeyText(), ...Object.values(ended), mistyped(inForce), 'lm_', 'x', `${inForce}A`];
  const body = '{"query":"{ logs { id } }"}';
  for (const [method, path] of [
    ['POST', '/graphql'],
    ['GET', '/graphql?query={viewer{name}}'],
    ['POST', '/logs/'],
    ['GET', '/logs/'],
    ['HEAD', '/logs/'],
    ['GET', '/metrics'],
  ] as const) {
    const answers = new Set<string>();
    for (const text of texts) {
      const headers = { authorization: `Bearer ${text}`, origin: page };
      const answer = await server.send(path, undefined, {
        method,
        headers,
        ...(method === 'POST' && { body }),
      });
      expect(answer.status).toBe(401);
      answers.add(comparable(answer));
    }
    expect([...answers]).toHaveLength(1);
  }
});

it('in the body too, where a key that is not public is one of them', async () => {
  const { inForce } = server.texts;
  const texts = [createKeyText(), ...Object.values(server.texts), mistyped(inForce), '', 'lm_'];
  const answers = new Set<string>();
  for (const key of texts) {
    const headers = { 'content-type': 'text/plain', origin: page };
    const body = JSON.stringify({ key, userId: 'u', sessionId: 's', actions: [] });
    const answer = await server.send('/logs/', undefined, { method: 'POST', headers, body });
    expect(answer.status).toBe(401);
    answers.add(comparable(answer));
  }
  expect([...answers]).toHaveLength(1);
});
