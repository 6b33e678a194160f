import { expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createUnsentBytes } from '../../../src/http/sending/unsent-bytes';
import { maxSocketBytes, writeParts } from '../../../src/http/sending/write-parts';
import { startServer } from '../../support/server/server';
import { waitFor } from '../../support/wait-for';

it('a socket is given 4 MB of an answer at a time, and all its bytes count until they are sent', async () => {
  const unsent = createUnsentBytes();
  const parts = ['[', Buffer.alloc(11_000_000, 'é', 'utf8'), ',', 'ü'.repeat(3_000_000), ']'];
  const length = 17_000_003;
  const text = parts.join('');
  const given: number[] = [];
  const server = createServer(({ socket }, response) => {
    response.setHeader('content-length', length);
    writeParts(response, parts, length, (held) => {
      unsent.note(socket, held);
      given.push(socket.writableLength);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  client.write('GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
  const [socket] = await accepted;
  await waitFor(() => socket.writableLength > 0);
  // The buffers of the kernel hold the rest.
  expect(unsent.total()).toBeGreaterThan(4_000_000);
  const chunks: Buffer[] = [];
  for await (const chunk of client) chunks.push(chunk as Buffer);
  const [, body] = Buffer.concat(chunks).toString().split('\r\n\r\n');
  expect(body === text).toBe(true);
  expect(unsent.total()).toBe(0);
  expect(given.length).toBeGreaterThan(4);
  expect(Math.max(...given)).toBeLessThan(maxSocketBytes + 1_000);
  server.close();
});

it('the server executes the requests of a connection in their order', async () => {
  const server = await startServer();
  try {
    const time = '2024-01-01T00:00:00Z';
    const session = { userId: 'u', sessionId: 's', actions: [{ time, type: 'CLICK' }] };
    const record = `mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }`;
    const send = (query: string, variables?: object) => {
      const body = JSON.stringify({ query, variables });
      return `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    };
    const { hostname, port } = new URL(server.url);
    const client = connect(Number(port), hostname);
    let text = '';
    client.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    const pair = send(record, { input: session }) + send('{ logs(user: "u") { type } }');
    client.write(pair.repeat(3));
    await waitFor(() => text.match(/HTTP\/1\.1 200/g)?.length === 6);
    const lengths = [...text.matchAll(/"logs":(\[.*?\])/gs)].map(([, list]) => JSON.parse(list!).length);
    expect(lengths).toEqual([1, 2, 3]);
    client.destroy();
  } finally {
    await server.stop();
  }
});
