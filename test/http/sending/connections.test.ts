import { afterEach, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { trackConnections } from '../../../src/http/sending/connections';
import { waitFor } from '../../support/wait-for';

const bytes = 20_000_000;
let app: FastifyInstance;
let client: Socket;
afterEach(() => {
  client.destroy();
});

/** A client that has not read its answer, of which the kernel cannot take all, when the server begins to close. */
async function closeBeforeAnswerIsSent(): Promise<{ readonly closed: Promise<void> }> {
  app = fastify({ forceCloseConnections: 'idle' });
  let beginClosing: () => void;
  const isClosing = new Promise<void>((resolve) => (beginClosing = resolve));
  app.addHook('preClose', (done) => {
    beginClosing();
    done();
  });
  const connections = trackConnections(app);
  app.get('/', (_request, reply) => {
    reply.hijack();
    reply.raw.end('x'.repeat(bytes));
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  client = connect((app.server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {});
  client.pause();
  client.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
  await waitFor(() => [...connections].some(({ writableLength }) => writableLength > 0));
  const closed = app.close();
  await isClosing;
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  return { closed };
}

it('a server that stops sends what is left of an answer', async () => {
  const { closed } = await closeBeforeAnswerIsSent();
  let received = 0;
  client.on('data', (part: Buffer) => (received += part.length)).resume();
  if (!client.closed) await once(client, 'close');
  expect(received).toBeGreaterThan(bytes);
  await closed;
});

it('a server that stops does not wait for a connection that was closed', async () => {
  const { closed } = await closeBeforeAnswerIsSent();
  app.server.closeAllConnections();
  await closed;
});
