import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toJsonParts } from '../../../src/graphql/execution/raw-json';
import type { Message, Subscription } from '../../../src/graphql/execution/subscribe';
import type { GraphQLContext } from '../../../src/graphql/context';
import { openPrincipal, toMask } from '../../../src/logs/access/principal';
import { contextOf, openGraphQL, type OpenGraphQL } from '../support/graphql';

let graphql: OpenGraphQL;
beforeAll(async () => {
  graphql = await openGraphQL();
});
afterAll(async () => {
  graphql.services.feed.stop();
  await graphql.close();
});

interface Changes {
  readonly entries: readonly Record<string, unknown>[];
  readonly erasures: readonly object[];
  readonly cursor: string;
  readonly hasMore: boolean;
}
interface Result {
  readonly data?: { readonly logRecorded: Changes };
  readonly errors?: readonly { message: string; extensions: Record<string, unknown> }[];
}

const parse = (result: object): Result => JSON.parse(toJsonParts(result).join('')) as Result;

const all = 'entries { id userId type } erasures { userId sessionId } cursor hasMore';

async function ask(request: object, part: Partial<GraphQLContext> = {}) {
  const context = { ...contextOf(graphql.services), ...part };
  return graphql.server.operations.subscribe(request, context);
}

/** Starts a subscription. */
async function start(
  query: string,
  variables: object = {},
  part: Partial<GraphQLContext> = {},
): Promise<Subscription> {
  const started = await ask({ query, variables }, part);
  if (!('ended' in started)) throw new Error(JSON.stringify(started));
  return started;
}

/** The first error of what must not start. */
async function refuse(request: object, part: Partial<GraphQLContext> = {}) {
  const answer = await ask(request, part);
  if ('ended' in answer) throw new Error('a subscription');
  const { errors } = parse(answer.result);
  return { status: answer.status, message: errors![0]!.message, ...errors![0]!.extensions };
}

async function pull(subscription: Subscription): Promise<Message & { readonly changes: Changes }> {
  const { value } = await subscription.next();
  const { data } = parse(value!.result);
  return { ...value!, changes: data!.logRecorded };
}

let recorded = 0;
const record = (userId: string, types: readonly string[]) =>
  graphql.services.recorder.recordSession(
    {
      userId,
      sessionId: `s${++recorded}`,
      actions: types.map((type) => ({ time: '2026-11-27T12:00:00Z', type, properties: { type } })),
    },
    openPrincipal,
  );

describe('a subscription', () => {
  it('has what is there after its cursor, then what is committed and erased', async () => {
    await record('a', ['0']);
    const query = `subscription ($filter: LogFilter, $after: String) {
      logRecorded(filter: $filter, after: $after) { ${all} }
    }`;
    const filter = { userIds: ['a', 'b'] };
    const first = await start(query, { filter });
    const { changes, cursor, isLast } = await pull(first);
    expect(changes).toEqual({ entries: [], erasures: [], cursor, hasMore: false });
    expect(isLast).toBe(false);
    await record('a', ['1', '2']);
    await record('c', ['3']);
    expect((await pull(first)).changes.entries).toMatchObject([{ type: '1' }, { type: '2' }]);
    await graphql.services.deletion.deleteUserData({ userId: 'a', dryRun: false }, openPrincipal);
    expect((await pull(first)).changes).toMatchObject({
      entries: [],
      erasures: [{ userId: 'a', sessionId: null }],
    });
    await record('b', ['4']);
    const last = await pull(first);
    expect(last.changes.entries).toMatchObject([{ type: '4' }]);
    await first.return();
    expect(await first.next()).toEqual({ done: true, value: undefined });

    // From its start, with the cursor in a header; the entries of a are gone.
    const again = await start(query, { filter, after: 'not a cursor' }, { lastEventId: cursor! });
    const got: unknown[] = [];
    for (let message = await pull(again); ; message = await pull(again)) {
      got.push(...message.changes.entries.map(({ type }) => type), ...message.changes.erasures);
      if (message.cursor === last.cursor || !message.changes.hasMore) break;
    }
    expect(got).toEqual([{ userId: 'a', sessionId: null }, '4']);
    await again.return();
  });

  it('shows the selected fields, under aliases, in several lists, in pages and live', async () => {
    const query = `subscription ($after: String) { feed: logRecorded(after: $after) {
      __typename few: entries { kind: type ...P } twice: entries { type type2: type properties }
      erasures { __typename } cursor
    } } fragment P on LogEntry { properties __typename }`;
    const live = await start(query);
    const { value: begun } = await live.next();
    await record('x', ['L']);
    const expected = {
      data: {
        feed: {
          __typename: 'LogChanges',
          few: [{ kind: 'L', properties: { type: 'L' }, __typename: 'LogEntry' }],
          twice: [{ type: 'L', type2: 'L', properties: { type: 'L' } }],
          erasures: [],
          cursor: expect.any(String) as unknown,
        },
      },
    };
    expect(parse((await live.next()).value!.result)).toEqual(expected);
    await live.return();
    const stored = await start(query, { after: begun!.cursor });
    expect(parse((await stored.next()).value!.result)).toEqual(expected);
    await stored.return();
  });

  it('is refused as queries are', async () => {
    const query = `subscription { logRecorded { cursor } }`;
    const reader = { ...openPrincipal, scopes: toMask(['record']) };
    expect(await refuse({ query }, { principal: reader })).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    expect(await refuse({ query: 'subscription {' })).toMatchObject({
      status: 400,
      code: 'GRAPHQL_PARSE_FAILED',
    });
    expect(await refuse({ query: 'subscription { logRecorded { cursors } }' })).toMatchObject({
      status: 400,
      code: 'GRAPHQL_VALIDATION_FAILED',
      message: expect.stringContaining('cursor') as unknown,
    });
    const skipped = 'subscription ($x: Boolean!) { logRecorded @skip(if: $x) { cursor } }';
    expect(await refuse({ query: skipped, variables: { x: true } })).toMatchObject({
      code: 'GRAPHQL_VALIDATION_FAILED',
      message: 'The field of a subscription must not have @skip or @include.',
    });
    const lists = Array.from(
      { length: 110 },
      (_, at) => `a${at}: entries { ${at % 2 ? 'id' : 'type'} }`,
    ).join(' ');
    expect(await refuse({ query: `subscription { logRecorded { ${lists} } }` })).toMatchObject({
      code: 'GRAPHQL_VALIDATION_FAILED',
      message: expect.stringContaining('may read') as unknown,
    });
    const withFilter = 'subscription ($filter: LogFilter) { logRecorded(filter: $filter) { cursor } }';
    expect(await refuse({ query: withFilter, variables: { filter: { userIds: [] } } })).toMatchObject({
      status: 400,
      code: 'BAD_USER_INPUT',
      violations: [{ path: 'filter.userIds' }],
    });
    expect(await refuse({ query: 'subscription { logRecorded(after: "x") { cursor } }' })).toMatchObject({
      code: 'BAD_USER_INPUT',
      violations: [{ path: 'after' }],
    });
    expect(await refuse({})).toMatchObject({ violations: [{ path: 'query' }] });
    const hash = { extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } };
    expect(await refuse(hash)).toMatchObject({ code: 'PERSISTED_QUERY_NOT_SUPPORTED' });
  });

  it('without a stream is told how to subscribe', async () => {
    const query = 'subscription { logRecorded { cursor } }';
    const request = { query, variables: {}, operationName: undefined };
    for (const text of [await graphql.ask(request), await graphql.askKnown(request)]) {
      expect(text).toContain('Accept must be text/event-stream');
    }
  });

  it('that the server ends has an error with its cursor, and no message after it', async () => {
    const subscription = await start('subscription { logRecorded { cursor } }');
    const { cursor } = await pull(subscription);
    const pulled = subscription.next();
    graphql.services.feed.stop();
    await subscription.ended;
    const { value } = await pulled;
    expect(value).toMatchObject({ cursor, isLast: true });
    expect(parse(value!.result)).toEqual({
      errors: [
        {
          message: 'The server is stopping. Subscribe again after this cursor.',
          locations: expect.any(Array) as unknown,
          extensions: { code: 'SERVICE_UNAVAILABLE', retryable: true, cursor },
        },
      ],
    });
    expect(await subscription.next()).toEqual({ done: true, value: undefined });
  });
});

it('a query over a transport of subscriptions is answered', async () => {
  const answer = await ask({ query: '{ serverInfo { version } }' });
  expect('result' in answer && parse(answer.result)).toEqual({ data: { serverInfo: { version: '1' } } });
});
