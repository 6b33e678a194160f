import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { streamLimits } from '../../../src/http/streams/stream-limits';
import { startServer, type TestServer } from '../../support/server/server';
import { connectSocket, openSocket, subscribe, subscription } from './support';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const query = '{ serverInfo { version } }';

/** https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md */
describe('a WebSocket is closed with', () => {
  it.each([
    ['text that is not JSON', 'hello', /^Invalid JSON at position 0 in the message/],
    ['JSON that ends too early', '{"type":', /^Invalid JSON at position 8 in the message/],
    ['no object', '[]', /./],
    ['an unknown type', '{"type":"start"}', /./],
    ['a message that only servers send', '{"type":"connection_ack"}', /Only servers send/],
    ['a result', '{"type":"next","id":"1","payload":{}}', /Only servers send/],
    ['a subscribe without an id', `{"type":"subscribe","payload":{"query":"${query}"}}`, /./],
    ['a subscribe without a document', '{"type":"subscribe","id":"1","payload":{}}', /./],
    [
      'variables that are no object',
      '{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":1}}',
      /./,
    ],
  ])('4400 for %s', async (_what, message, reason) => {
    const raw = await connectSocket(server.url);
    raw.send(message);
    expect(await raw.closed).toEqual({ code: 4400, reason: expect.stringMatching(reason) });
  });

  it('4400 for bytes that are not UTF-8', async () => {
    const raw = await connectSocket(server.url);
    raw.socket.send(Buffer.from([0x22, 0xff, 0x22]));
    expect(await raw.closed).toEqual({ code: 4400, reason: 'The message must be valid UTF-8.' });
  });

  it('4401 for an operation before connection_ack', async () => {
    const raw = await openSocket(server.url);
    raw.send({ type: 'subscribe', id: '1', payload: { query } });
    expect((await raw.closed).code).toBe(4401);
  });

  it.each([[[]], [['graphql-transport-ws2']]])('4406 for the protocols %j', async (protocols) => {
    // The client ends the connection when the server has chosen none of its protocols.
    const opened = openSocket(server.url, { protocols });
    if (protocols.length > 0) return expect(opened).rejects.toThrow('Server sent no subprotocol');
    expect((await (await opened).closed).code).toBe(4406);
  });

  it('4408 without connection_init', async () => {
    const { initMs } = streamLimits;
    streamLimits.initMs = 100;
    const impatient = await startServer();
    streamLimits.initMs = initMs;
    const raw = await openSocket(impatient.url);
    expect((await raw.closed).code).toBe(4408);
    await impatient.stop();
  });

  it('4409 for the id of an operation that has not ended', async () => {
    const raw = await connectSocket(server.url);
    await subscribe(raw, 'same');
    raw.send({ type: 'subscribe', id: 'same', payload: { query: subscription } });
    expect(await raw.closed).toEqual({ code: 4409, reason: 'Subscriber for same already exists' });
  });

  it('4429 for a second connection_init', async () => {
    const raw = await connectSocket(server.url);
    raw.send({ type: 'connection_init' });
    expect((await raw.closed).code).toBe(4429);
  });
});

describe('over a WebSocket', () => {
  it('queries and mutations are answered, and their ids can be used again', async () => {
    const raw = await connectSocket(server.url);
    const actions = [{ time: '2026-01-01T00:00:00Z', type: 'VIEW', properties: {} }];
    const variables = { input: { userId: 'u', sessionId: 's', actions } };
    const record =
      'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }';
    raw.send({ type: 'subscribe', id: '1', payload: { query: record, variables } });
    expect(await raw.next()).toEqual({
      type: 'next',
      id: '1',
      payload: { data: { recordSession: { recordedCount: 1 } } },
    });
    expect(await raw.next()).toEqual({ type: 'complete', id: '1' });
    const read = '{ logs(user: "u", startTime: "2025-12-31", endTime: "2026-01-02") { type userId } }';
    raw.send({ type: 'subscribe', id: '1', payload: { query: read } });
    expect((await raw.next()).payload).toEqual({ data: { logs: [{ type: 'VIEW', userId: 'u' }] } });
    expect((await raw.next()).type).toBe('complete');
    raw.socket.close();
  });

  it('an operation that is not valid gets a message of its own, and others go on', async () => {
    const raw = await connectSocket(server.url);
    raw.send({ type: 'subscribe', id: 'a', payload: { query: '{ nothing }' } });
    const { type, id, payload } = await raw.next();
    expect([type, id, payload[0].extensions.code]).toEqual(['error', 'a', 'GRAPHQL_VALIDATION_FAILED']);
    raw.send({ type: 'subscribe', id: 'b', payload: { query } });
    expect((await raw.next()).payload.data.serverInfo.version).toMatch(/^\d/);
    raw.socket.close();
  });

  it('a subscription begins with a cursor, and ends when its client completes it', async () => {
    const raw = await connectSocket(server.url);
    const { type, payload } = await subscribe(raw);
    expect([type, payload.data.logRecorded.entries]).toEqual(['next', []]);
    expect(payload.data.logRecorded.cursor).toMatch(/^[\w-]+$/);
    raw.send({ type: 'complete', id: 'feed' });
    raw.send({ type: 'ping', payload: { at: 1 } });
    expect(await raw.next()).toEqual({ type: 'pong', payload: { at: 1 } });
    // Its id is free.
    expect((await subscribe(raw)).type).toBe('next');
    raw.socket.close();
  });

  it('the 101st operation at a time is refused', async () => {
    const raw = await connectSocket(server.url);
    for (let at = 0; at < 100; at++) expect((await subscribe(raw, `${at}`)).type).toBe('next');
    const { type, payload } = await subscribe(raw, 'more');
    expect([type, payload[0].extensions.code]).toEqual(['error', 'RATE_LIMITED']);
    raw.send({ type: 'complete', id: '0' });
    expect((await subscribe(raw, 'more')).type).toBe('next');
    raw.socket.close();
  });
});
