import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dialect } from '../../support/database/database';
import { caseCount } from '../../support/scale';
import { startKeyedServer, type KeyedServer } from '../../support/server/keyed-server';
import type { Session } from '../../support/server/web-sessions';
import { collectCursors } from './support/cursors';
import { comparable, sendProbe, type Probe } from './support/probe';
import { deletions, idempotencyKeys, reads, recordings } from './support/probes';
import { createSessions, nobody, others, own, secretType } from './support/similar-users';

const keys = {
  own: { scopes: ['record', 'read', 'erase'], userId: own },
  other: { scopes: ['record', 'read', 'erase'], userId: others[0]! },
  everybody: { scopes: ['admin'] },
} as const;
const environment = { MAX_LOGS_RESULT: '15' };

/** A server with the entries of several users, and one with those of the user of the key alone. */
let shared: KeyedServer<keyof typeof keys>;
let alone: KeyedServer<keyof typeof keys>;
let sessions: readonly Session[];

const toBody = (session: object): { method: string; body: string } => ({
  method: 'POST',
  body: JSON.stringify(session),
});

/** Records a session of another user on both servers, and erases it from one: so the ids of later ones are equal. */
async function recordForeign(
  session: Session,
  key: 'other' | 'everybody',
  idempotencyKey: string,
): Promise<void> {
  const sessionId = `${session.sessionId}-foreign-${foreignCount++}`;
  const { status } = await shared.send('/logs/', key, toBody({ ...session, idempotencyKey }));
  expect(status).toBe(201);
  await alone.send('/logs/', 'everybody', toBody({ ...session, sessionId }));
  await erase(`deleteSession(userId: ${JSON.stringify(session.userId)}, sessionId: "${sessionId}")`);
}
let foreignCount = 0;

/** Erases where the user is alone. A deletion takes ids on PostgreSQL, so that the other server has one of nothing. */
async function erase(field: string): Promise<void> {
  const nothing = `deleteSession(userId: "${nobody}", sessionId: "none")`;
  for (const [server, deletion] of [
    [alone, field],
    [shared, nothing],
  ] as const) {
    const { body } = await server.ask('everybody', `mutation { ${deletion} { deletedCount } }`);
    expect(body.errors).toBeUndefined();
  }
}

beforeAll(async () => {
  [shared, alone] = await Promise.all([
    startKeyedServer(keys, environment),
    startKeyedServer(keys, environment),
  ]);
  sessions = createSessions(120);
  const usedCounts = { own: 0, other: 0, everybody: 0 };
  for (const [at, session] of sessions.entries()) {
    const isOwn = session.userId === own;
    const key = isOwn && at % 2 === 0 ? 'own' : session.userId === others[0] ? 'other' : 'everybody';
    // Every sender uses the same ones.
    const idempotencyKey = idempotencyKeys[usedCounts[key]++];
    const { status } = await shared.send('/logs/', key, toBody({ ...session, idempotencyKey }));
    expect(status).toBe(201);
    // The idempotency keys of other senders are unknown where the user is alone.
    await alone.send('/logs/', 'everybody', toBody({ ...session, ...(key === 'own' && { idempotencyKey }) }));
  }
  for (const userId of others) await erase(`deleteUserData(userId: ${JSON.stringify(userId)})`);
});
afterAll(async () => {
  await Promise.all([shared?.stop(), alone?.stop()]);
});

/** Of several fields that fail, the first to fail is in the answer: that is a matter of chance. */
const maxTries = 5;

/** Asks both servers, and returns what the key is answered: as if the user were alone. */
async function expectAlone(probe: Probe): Promise<string> {
  for (let tries = 1; ; tries++) {
    const [answer, expected] = await Promise.all([
      sendProbe(shared, 'own', probe),
      sendProbe(alone, 'everybody', probe),
    ]);
    const shown = comparable(answer);
    if (shown === comparable(expected)) return shown;
    const isByChance = [answer, expected].every(({ text }) => text.includes('"data":null'));
    if (!isByChance || tries === maxTries) expect([probe, shown]).toEqual([probe, comparable(expected)]);
  }
}

describe('a key that is bound to a user', () => {
  const count = caseCount(100, dialect === 'sqlite' ? 10_000 : 2_000);

  it(`is answered ${count} probes as if the user were alone`, async () => {
    const pool = await collectCursors(shared, ['own', 'other', 'everybody']);
    const foreign = sessions.filter(({ userId }) => userId !== own);
    const mine = sessions.filter(({ userId }) => userId === own);
    const probes = fc.oneof(
      { weight: 8, arbitrary: reads(pool) },
      { weight: 2, arbitrary: recordings([own], mine) },
      { weight: 1, arbitrary: deletions([own]) },
    );
    const seen = { data: 0, entries: 0, tooLarge: 0, replays: 0, deletions: 0 };
    for (const [at, probe] of fc.sample(probes, { numRuns: count, seed: 16 }).entries()) {
      if (at % 25 === 0) {
        const session = foreign[at % foreign.length]!;
        const isOther = session.userId === others[0];
        await recordForeign(session, isOther ? 'other' : 'everybody', `during-${at}`);
      }
      const text = await expectAlone(probe);
      for (const secret of [secretType, 'of-another-user']) {
        // What the probe names itself may be in an error.
        if (!JSON.stringify(probe).includes(secret)) expect(text).not.toContain(secret);
      }
      if (text.includes('{\\"data\\":{')) seen.data++;
      if (text.includes(`\\"userId\\":\\"${own}\\"`)) seen.entries++;
      if (text.includes('RESULT_TOO_LARGE')) seen.tooLarge++;
      if (text.includes('\\"replayed\\":true')) seen.replays++;
      if (/deletedCount\\":[1-9]/.test(text)) seen.deletions++;
    }
    // Else little has been compared.
    expect(seen.data).toBeGreaterThan(count / 4);
    expect(seen.entries).toBeGreaterThan(count / 10);
    expect(Math.min(seen.tooLarge, seen.replays, seen.deletions)).toBeGreaterThan(0);
  }, 900_000);

  it('learns nothing of another user by naming it to record or erase', async () => {
    const probes = (userId: string) =>
      fc.sample(fc.oneof(recordings([userId], []), deletions([userId])), {
        numRuns: caseCount(20, 500),
        seed: 16,
      });
    const unknown = probes(nobody);
    for (const userId of others.slice(0, 3)) {
      for (const [at, probe] of probes(userId).entries()) {
        const [answer, expected] = [
          await sendProbe(shared, 'own', probe),
          await sendProbe(shared, 'own', unknown[at]!),
        ];
        expect(comparable(answer)).toBe(comparable(expected));
        expect(answer.text).toContain(probe.isBeacon ? 'UNAUTHENTICATED' : 'FORBIDDEN');
      }
    }
    expect(await shared.store.countEntries({ userIds: [nobody] }, 1, { mustBeLatest: true })).toBe(0);
  });

  it('is shown its own user by viewer, and no metrics', async () => {
    const { body } = await shared.ask('own', '{ viewer { name userId } }');
    expect(body.data.viewer).toEqual({ name: 'own', userId: own });
    const headers = { 'x-forwarded-for': '192.0.2.1' };
    expect((await shared.send('/metrics', 'own', { headers })).status).toBe(403);
  });
});
