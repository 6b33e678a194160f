import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDatabase, type TestDatabase } from '../../support/database/database';
import { sendHttp, type HttpAnswer } from '../../support/server/http';
import { startServer, type TestServer } from '../../support/server/server';

const record = `mutation ($input: RecordSessionInput!) {
  recordSession(input: $input) {
    recordedCount replayed entries { id time type properties userId sessionId receivedAt }
  }
}`;

let nextUser = 0;
/** A session of a user of its own. */
const newSession = (idempotencyKey?: string) => ({
  userId: `user-${nextUser++}`,
  sessionId: 's',
  actions: [
    {
      time: '2026-03-01T12:00:00+01:00',
      type: 'A',
      properties: { x: 1, y: { b: [1, 2], a: 'é' } },
    },
    { time: '2026-03-01T11:00:00.000001Z', type: 'B', properties: {} },
  ],
  ...(idempotencyKey !== undefined && { idempotencyKey }),
});
type SentSession = ReturnType<typeof newSession>;

let database: TestDatabase;
let servers: TestServer[];
beforeAll(async () => {
  database = await createDatabase();
  const environment = { DATABASE_URL: database.url };
  servers = [await startServer(environment), await startServer(environment)];
});
afterAll(async () => {
  for (const server of servers) await server.stop();
  await database.remove();
});

async function send(input: object, at = 0) {
  const { data, errors } = await servers[at]!.graphql(record, { input });
  return { payload: data?.recordSession, error: errors?.[0] };
}

async function countOf(userId: string): Promise<number> {
  const { data } = await servers[1]!.graphql('query ($user: String) { logs(user: $user) { id } }', {
    user: userId,
  });
  return data.logs.length;
}

describe('a session sent again under its key', () => {
  it('adds nothing, and is answered with the same entries by every instance', async () => {
    const session = newSession('again');
    const first = await send(session);
    expect(first.payload).toMatchObject({ recordedCount: 2, replayed: false });
    for (const at of [0, 1, 0]) {
      const again = await send(session, at);
      expect(again.payload).toEqual({ ...first.payload, replayed: true });
    }
    expect(await countOf(session.userId)).toBe(2);
  });

  it('is the same with its times in another offset, its keys in another order and null for no properties', async () => {
    const session = newSession('the same');
    const { payload } = await send(session);
    const [first, second] = session.actions;
    const { properties } = first!;
    const again = await send({
      ...session,
      actions: [
        {
          type: 'A',
          properties: { y: { a: 'é', b: [1, 2] }, x: properties.x },
          time: '2026-03-01T11:00:00Z',
        },
        { ...second, properties: null },
      ],
    });
    expect(again.payload).toEqual({ ...payload, replayed: true });
  });

  it('is answered with the entries that are stored now: none once it is erased', async () => {
    const session = newSession('erased');
    const { payload } = await send(session);
    // Other entries of the session are not those of the request.
    const { userId, sessionId, actions } = session;
    await send({ userId, sessionId, actions });
    expect((await send(session, 1)).payload).toEqual({ ...payload, replayed: true });
    const { data } = await servers[0]!.graphql(
      'mutation ($userId: String!) { deleteSession(userId: $userId, sessionId: "s") { deletedCount } }',
      { userId },
    );
    expect(data.deleteSession.deletedCount).toBe(4);
    for (const at of [0, 1]) {
      expect((await send(session, at)).payload).toEqual({ recordedCount: 2, replayed: true, entries: [] });
    }
    const rest = await sendHttp(`${servers[0]!.url}/logs/`, {
      method: 'POST',
      body: JSON.stringify(session),
    });
    expect([rest.status, rest.headers['idempotent-replayed'], rest.body]).toEqual([201, 'true', []]);
  });

  it('is answered without those of its entries that have expired', async () => {
    const [first] = newSession().actions;
    const old = { ...first!, time: '2001-01-01T00:00:00Z' };
    const session = { ...newSession('expired'), actions: [first!, old, first!] };
    const { payload } = await send(session);
    const retaining = await startServer({ DATABASE_URL: database.url, RETENTION_DAYS: '9000' });
    try {
      let metrics = '';
      while (!/log_manager_retention_timestamp_seconds [1-9]/.test(metrics)) {
        metrics = await (await fetch(`${retaining.url}/metrics`)).text();
      }
    } finally {
      await retaining.stop();
    }
    const [one, , three] = payload.entries;
    expect((await send(session)).payload).toEqual({
      recordedCount: 3,
      replayed: true,
      entries: [one, three],
    });
  });

  it('is marked in REST by a header, which the first answer lacks', async () => {
    const body = JSON.stringify(newSession('marked'));
    const answers: HttpAnswer[] = [];
    for (const { url } of servers) answers.push(await sendHttp(`${url}/logs/`, { method: 'POST', body }));
    expect(answers.map(({ headers }) => headers['idempotent-replayed'])).toEqual([undefined, 'true']);
    expect(answers[1]!.body).toEqual(answers[0]!.body);
  });

  it('adds nothing when it holds no actions either', async () => {
    const empty = { ...newSession('empty'), actions: [] };
    expect((await send(empty)).payload).toEqual({ recordedCount: 0, replayed: false, entries: [] });
    expect((await send(empty, 1)).payload).toEqual({
      recordedCount: 0,
      replayed: true,
      entries: [],
    });
    const { data } = await servers[0]!.graphql(
      'query ($userId: String!) { session(userId: $userId, sessionId: "s") { entryCount } }',
      { userId: empty.userId },
    );
    expect(data.session).toBeNull();
  });

  const changes: [string, (session: SentSession) => object][] = [
    ['another user', (session) => ({ ...session, userId: 'other' })],
    ['another session', (session) => ({ ...session, sessionId: 'other' })],
    ['one action less', (session) => ({ ...session, actions: session.actions.slice(1) })],
    ['no actions', (session) => ({ ...session, actions: [] })],
    ['its actions in another order', (session) => ({ ...session, actions: [...session.actions].reverse() })],
    [
      'a number as text',
      (session) => ({
        ...session,
        actions: session.actions.map((action) => ({
          ...action,
          properties: { ...action.properties, x: '1' },
        })),
      }),
    ],
    [
      'a time that is a microsecond later',
      (session) => ({
        ...session,
        actions: [{ ...session.actions[0], time: '2026-03-01T11:00:00.000001Z' }, session.actions[1]],
      }),
    ],
  ];
  it.each(changes)('is refused with %s', async (name, change) => {
    const session = newSession(name);
    await send(session);
    const { payload, error } = await send(change(session), 1);
    expect(payload).toBeUndefined();
    expect(error?.extensions).toEqual({ code: 'IDEMPOTENCY_KEY_REUSED', retryable: false });
    expect(error?.message).toContain('idempotencyKey');
    expect(await countOf(session.userId)).toBe(2);
    expect(await countOf('other')).toBe(0);
  });

  it('does not hold up or change those that share its commit', async () => {
    const known = newSession('known');
    await send(known);
    const others = Array.from({ length: 40 }, (_, at) => newSession(at % 2 === 0 ? `new-${at}` : undefined));
    const answers = await Promise.all([
      ...others.map((session) => send(session)),
      send(known),
      send({ ...known, userId: 'someone' }),
      send(newSession()),
    ]);
    const kinds = answers.map(({ payload, error }) => payload?.replayed ?? error?.extensions.code);
    expect(kinds.slice(0, 40)).toEqual(Array(40).fill(false));
    expect(kinds.slice(40)).toEqual([true, 'IDEMPOTENCY_KEY_REUSED', false]);
    for (const [at, { userId }] of others.entries()) {
      const { data } = await servers[0]!.graphql(
        'query ($user: String) { logs(user: $user) { id time type properties userId sessionId receivedAt } }',
        { user: userId },
      );
      expect(data.logs).toEqual(answers[at]!.payload.entries);
    }
  });

  it('is recorded once when it is sent many times at once, through two instances', async () => {
    const sessions = Array.from({ length: 20 }, (_, at) => newSession(`at once ${at}`));
    const answers = await Promise.all(
      sessions.map((session) => Promise.all(Array.from({ length: 10 }, (_, at) => send(session, at % 2)))),
    );
    for (const [at, { userId }] of sessions.entries()) {
      const payloads = answers[at]!.map(({ payload }) => payload);
      expect(payloads.filter(({ replayed }) => !replayed)).toHaveLength(1);
      for (const { entries } of payloads) expect(entries).toEqual(payloads[0].entries);
      expect(await countOf(userId)).toBe(2);
    }
  });

  it('is recorded again under another key, or under none', async () => {
    const session = newSession('one');
    await send(session);
    await send({ ...session, idempotencyKey: 'two' });
    await send({ ...session, idempotencyKey: null });
    expect(await countOf(session.userId)).toBe(6);
  });
});

it.each([
  ['empty', '', 'must be 1 to 128 characters'],
  ['too long', 'x'.repeat(129), 'must be 1 to 128 characters'],
  ['with a NUL', 'a\0', 'must not contain the character U+0000'],
])('a key that is %s is refused by its name', async (_name, key, message) => {
  const { error } = await send(newSession(key));
  expect(error?.extensions.violations).toEqual([{ path: 'input.idempotencyKey', message }]);
});

it('a key may have 128 characters, of two UTF-16 units each', async () => {
  const session = newSession('😀'.repeat(128));
  expect((await send(session)).payload.replayed).toBe(false);
  expect((await send(session)).payload.replayed).toBe(true);
});

describe('the header Idempotency-Key of a POST to /logs/', () => {
  const post = (session: object, key: string) =>
    sendHttp(`${servers[0]!.url}/logs/`, {
      method: 'POST',
      headers: { 'idempotency-key': key },
      body: JSON.stringify(session),
    });

  it('makes it safe to send again, with quotes around it or without, and is the same key as in GraphQL', async () => {
    const session = newSession();
    const first = await post(session, 'rest-key');
    expect(first.status).toBe(201);
    const again = await post(session, '"rest-key"');
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect((await send({ ...session, idempotencyKey: 'rest-key' })).payload.replayed).toBe(true);
    expect(await countOf(session.userId)).toBe(2);
  });

  it('is refused with status 422 for another session', async () => {
    await post(newSession(), 'rest-other');
    const { status, body } = await post(newSession(), 'rest-other');
    expect(status).toBe(422);
    expect(body.errors[0].extensions.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('is named when it is wrong', async () => {
    for (const [key, message] of [
      ['', 'must be 1 to 128 characters'],
      ['x'.repeat(129), 'must be 1 to 128 characters'],
      ['cl\u00e9-1', 'must be ASCII: send any other key as idempotencyKey in the body'],
      [
        Buffer.from('"clé-1"').toString('latin1'),
        'must be ASCII: send any other key as idempotencyKey in the body',
      ],
    ] as const) {
      const { status, body } = await post(newSession(), key);
      expect(status).toBe(400);
      expect(body.errors[0].extensions.violations).toEqual([{ path: 'Idempotency-Key', message }]);
    }
    const twice = await post(newSession('body'), 'header');
    expect(twice.body.errors[0].extensions.violations).toEqual([
      { path: 'Idempotency-Key', message: 'must be given once: as a header or in the session' },
    ]);
  });
});

describe('the header Idempotency-Key of a POST to /graphql', () => {
  const sendHeader = (key: string, query: string, variables: object, accept = '*/*') =>
    sendHttp(`${servers[0]!.url}/graphql`, {
      method: 'POST',
      headers: { 'idempotency-key': key, accept },
      body: JSON.stringify({ query, variables }),
    });
  const violationsOf = ({ body }: HttpAnswer) => body.errors[0].extensions.violations;
  const literal = ({ userId }: SentSession) => `recordSession(input: {
    userId: "${userId}", sessionId: "s", actions: { time: "2026-03-01T11:00:00Z", type: "A" } }) { replayed }`;

  it('is the key of one recordSession without a key of its own, and the same as in REST', async () => {
    const session = newSession();
    // Known documents are answered without Apollo Server; another `accept` is answered by it.
    for (const [at, accept] of ['*/*', '*/*', 'application/*'].entries()) {
      const { status, body } = await sendHeader('graphql-key', record, { input: session }, accept);
      expect([status, body.data.recordSession.replayed]).toEqual([200, at > 0]);
    }
    expect((await send({ ...session, idempotencyKey: 'graphql-key' })).payload.replayed).toBe(true);
    expect(await countOf(session.userId)).toBe(2);
  });

  it('is the key of a literal, and of one in a fragment', async () => {
    const session = newSession();
    for (const [at, query] of [
      `mutation { ${literal(session)} }`,
      `mutation { ...F } fragment F on Mutation { ${literal(session)} }`,
    ].entries()) {
      const { body } = await sendHeader('literal-key', query, {});
      expect(body.data.recordSession.replayed).toBe(at > 0);
    }
    expect(await countOf(session.userId)).toBe(1);
  });

  it('is refused for several sessions, of which none is recorded', async () => {
    const session = newSession();
    const one = literal(session);
    for (const query of [
      `mutation { a: ${one} b: ${one} }`,
      `mutation { a: ${one} ...F } fragment F on Mutation { b: ${one} }`,
      `mutation { a: ${one} ... on Mutation { b: ${one} c: ${one} } }`,
    ]) {
      for (let times = 0; times < 2; times++) {
        const answer = await sendHeader('several', query, {});
        expect(answer.status).toBe(400);
        expect(answer.body.data).toBeUndefined();
        expect(violationsOf(answer)).toEqual([
          { path: 'Idempotency-Key', message: expect.stringContaining('one recordSession') },
        ]);
      }
    }
    expect(await countOf(session.userId)).toBe(0);
  });

  it('is refused beside a key of the session, and when it is wrong', async () => {
    const session = newSession('own');
    for (const [key, message] of [
      ['header', 'must be given once: as a header or in the session'],
      ['', 'must be 1 to 128 characters'],
      ['cl\u00e9-1', 'must be ASCII: send any other key as idempotencyKey in the body'],
    ] as const) {
      const answer = await sendHeader(key, record, { input: session });
      expect(violationsOf(answer)).toEqual([{ path: 'Idempotency-Key', message }]);
    }
    expect(await countOf(session.userId)).toBe(0);
  });

  it('changes no query', async () => {
    const { status, body } = await sendHeader('query', '{ __typename }', {});
    expect([status, body]).toEqual([200, { data: { __typename: 'Query' } }]);
  });
});
