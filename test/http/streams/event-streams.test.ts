import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sendHttp } from '../../support/server/http';
import { startServer, type TestServer } from '../../support/server/server';
import { openEventStream, subscription, type StreamEvent } from './support';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const end: StreamEvent = { event: 'complete', data: '' };
const resultOf = (event: StreamEvent | undefined) => JSON.parse(event!.data!) as never;
const record = (type: string) =>
  server.rest('POST', '/logs/', {
    userId: 'u',
    sessionId: `s-${type}`,
    actions: [1, 2].map((at) => ({ time: `2026-01-01T00:00:0${at}Z`, type, properties: { text: 'a\nb' } })),
  });

describe('an event stream', () => {
  it('has the headers that proxies need', async () => {
    const stream = await openEventStream(server.url, '{ __typename }');
    expect(stream.response.statusCode).toBe(200);
    expect(stream.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    expect(await stream.next()).toEqual({ event: 'next', data: '{"data":{"__typename":"Query"}} ' });
    expect(await stream.next()).toEqual(end);
    expect(await stream.next()).toBeUndefined();
  });

  it.each([
    ['a document that is not valid', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a document that does not parse', '{', 'GRAPHQL_PARSE_FAILED'],
    ['a wrong cursor', 'subscription { logRecorded(after: "x") { cursor } }', 'BAD_USER_INPUT'],
  ])('answers %s in an event', async (_what, query, code) => {
    const stream = await openEventStream(server.url, query);
    expect(resultOf(await stream.next())).toMatchObject({ errors: [{ extensions: { code } }] });
    expect(await stream.next()).toEqual(end);
  });

  it('executes a mutation that is sent with POST', async () => {
    const stream = await openEventStream(
      server.url,
      'mutation { deleteUserData(userId: "nobody") { deletedCount } }',
    );
    expect(resultOf(await stream.next())).toEqual({ data: { deleteUserData: { deletedCount: 0 } } });
  });

  it('takes GET, with variables', async () => {
    const parameters = new URLSearchParams({
      query: 'query ($first: Int) { logTypes(first: $first) { otherTypeCount } }',
      variables: '{"first":1}',
    });
    const headers = { accept: 'text/event-stream' };
    const { text } = await sendHttp(`${server.url}/graphql?${parameters}`, { headers });
    expect(text).toMatch(/^event: next\ndata: \{"data":\{"logTypes":.*\} \n\nevent: complete\ndata: \n\n$/);
  });

  it.each([
    [{ variables: '{' }, 400],
    [{ query: '' }, 400],
  ])('refuses the parameters %j before it begins', async (wrong, status) => {
    const parameters = new URLSearchParams({ query: '{ __typename }', ...wrong });
    const headers = { accept: 'text/event-stream' };
    const answer = await sendHttp(`${server.url}/graphql?${parameters}`, { headers });
    expect([answer.status, answer.headers['content-type']]).toEqual([
      status,
      'application/json; charset=utf-8',
    ]);
  });

  it.each(['text/event-stream, multipart/mixed', 'text/event-stream;q=0.9, application/json;q=0.1'])(
    'is preferred by %s',
    async (accept) => {
      const stream = await openEventStream(server.url, '{ __typename }', { headers: { accept } });
      expect(stream.response.headers['content-type']).toMatch(/^text\/event-stream/);
      stream.close();
    },
  );

  it('has entries on one line, and their cursor as id', async () => {
    const stream = await openEventStream(server.url, subscription.replace('type', 'type properties'));
    const first = await stream.next();
    expect(first?.id).toMatch(/^[\w-]+$/);
    await record('LIVE');
    const second = await stream.next();
    const { logRecorded } = (resultOf(second) as { data: { logRecorded: { cursor: string; entries: [] } } })
      .data;
    expect(logRecorded.cursor).toBe(second?.id);
    expect(logRecorded.entries).toEqual([1, 2].map(() => ({ type: 'LIVE', properties: { text: 'a\nb' } })));
    stream.close();
  });

  it('goes on after Last-Event-ID, whatever the variables say', async () => {
    const stream = await openEventStream(server.url, subscription);
    const { id } = (await stream.next())!;
    stream.close();
    await record('BEFORE');
    const other = await openEventStream(server.url, subscription);
    const variables = { after: (await other.next())!.id };
    other.close();
    const headers = { 'last-event-id': id! };
    const again = await openEventStream(server.url, subscription, { headers, variables });
    expect(resultOf(await again.next())).toMatchObject({
      data: { logRecorded: { entries: [{ type: 'BEFORE' }, { type: 'BEFORE' }] } },
    });
    again.close();
  });
});

it('a subscription that asks for JSON is told how to stream', async () => {
  const { status, errors } = await server.graphql(subscription);
  expect([status, errors?.[0]?.message]).toEqual([400, expect.stringContaining('text/event-stream')]);
});
