import { expect, it } from '@jest/globals';
import { startServer } from '../../support/server/server';
import { connectSocket, openEventStream, subscribe, subscription } from './support';

it('a server that stops ends subscriptions with their cursor, and closes WebSockets with 1001', async () => {
  const server = await startServer();
  const raw = await connectSocket(server.url);
  const { cursor } = (await subscribe(raw)).payload.data.logRecorded;
  const idle = await connectSocket(server.url);
  const stream = await openEventStream(server.url, subscription);
  const first = await stream.next();
  const stopping = server.stop();
  const { type, payload } = await raw.next();
  expect([type, payload[0].extensions]).toMatchObject([
    'error',
    { code: 'SERVICE_UNAVAILABLE', retryable: true, cursor },
  ]);
  expect((await raw.closed).code).toBe(1001);
  expect((await idle.closed).code).toBe(1001);
  const last = await stream.next();
  expect(last).toMatchObject({ event: 'next', id: first!.id });
  expect(JSON.parse(last!.data!)).toMatchObject({ errors: [{ extensions: { cursor: first!.id } }] });
  expect(await stream.next()).toEqual({ event: 'complete', data: '' });
  expect(await stream.next()).toBeUndefined();
  await stopping;
});
