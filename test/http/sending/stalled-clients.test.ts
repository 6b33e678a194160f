import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connect, type Socket } from 'node:net';
import { createDatabase, type TestDatabase } from '../../support/database/database';
import { startServerProcess, type ServerProcess } from '../../support/processes/server-process';
import { caseCount, itLong } from '../../support/scale';
import { readWebSessions } from '../../support/server/web-sessions';
import { waitFor } from '../../support/wait-for';

const clientCount = 50;
const entryCount = 10_000;
const query = 'query ($user: String) { logs(user: $user) { time type properties userId sessionId } }';
const record = 'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }';

let database: TestDatabase;
let server: ServerProcess;

beforeAll(async () => {
  database = await createDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  const actions = readWebSessions().flatMap((session) => session.actions);
  // As they are, the kernel's buffers hold most of an answer; with a note, it takes 11 MB.
  await fill('real', actions);
  const note = 'x'.repeat(700);
  await fill(
    'noted',
    actions.map((action) => ({ ...action, properties: { ...action.properties, note } })),
  );
  await fill('few', actions.slice(0, 1), 1);
});
afterAll(async () => {
  await server.end();
  await database.remove();
});

async function fill(userId: string, actions: readonly object[], count = entryCount): Promise<void> {
  const repeated = Array.from({ length: count }, (_, at) => actions[at % actions.length]!);
  while (repeated.length > 0) {
    const input = { userId, sessionId: 's', actions: repeated.splice(0, 2_000) };
    const { body } = await server.graphql(record, { input });
    expect(body.errors).toBeUndefined();
  }
}

async function readMetric(name: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const line = text.split('\n').find((text) => text.startsWith(`${name} `))!;
  return Number(line.slice(name.length));
}
const residentBytes = () => readMetric('process_resident_memory_bytes');
const openSockets = () => readMetric('nodejs_active_handles{type="Socket"}');

/** Asks for all entries of the user, and then reads next to nothing. */
function openStalledClient(user: string): Socket {
  const { hostname, port } = new URL(server.url);
  const body = JSON.stringify({ query, variables: { user } });
  const socket = connect(Number(port), hostname).pause();
  socket.on('error', () => {});
  socket.write(
    'POST /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n' +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  return socket;
}

interface Sample {
  readonly second: number;
  /** Sockets that are open beside those of the idle server. */
  readonly sockets: number;
  /** Memory beyond that of the idle server. */
  readonly bytes: number;
}

/** Has 50 clients stall, and asks other questions meanwhile, all of which must be answered. */
async function stall(user: string, seconds: number): Promise<Sample[]> {
  for (let time = 0; time < 3; time++) {
    const { body } = await server.graphql(query, { user });
    expect(body.data.logs).toHaveLength(entryCount);
  }
  const [before, idleSockets] = [await residentBytes(), await openSockets()];
  const clients = Array.from({ length: clientCount }, () => openStalledClient(user));
  const samples: Sample[] = [];
  const openedAt = performance.now();
  const elapsed = () => (performance.now() - openedAt) / 1_000;
  while (elapsed() < seconds) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    for (const client of clients) client.read(1);
    const { body } = await server.graphql(query, { user: 'few' });
    expect(body.data.logs).toHaveLength(1);
    const [sockets, bytes] = [await openSockets(), await residentBytes()];
    samples.push({ second: elapsed(), sockets: sockets - idleSockets, bytes: bytes - before });
  }
  for (const client of clients) client.destroy();
  const most = Math.max(...samples.map(({ bytes }) => bytes));
  // Up to 128 MB are unsent; what the allocator has not given back makes up the rest.
  expect(most).toBeLessThan(250_000_000);
  const { body } = await server.graphql(query, { user });
  expect(body.data?.logs).toHaveLength(entryCount);
  return samples;
}

const few = `${clientCount} clients that stall over ${entryCount}`;

it.each(['real', 'noted'])(
  `${few} %s entries cost little memory and disturb no other client`,
  async (user) => {
    await stall(user, 3);
  },
);

itLong(
  `${few} entries are cut after 30 seconds`,
  async () => {
    const samples = await stall('noted', 40);
    const stalled = samples.filter(({ sockets }) => sockets > 5).map(({ second }) => second);
    const last = Math.max(...stalled);
    expect(last).toBeGreaterThan(25);
    expect(last).toBeLessThan(40);
  },
  120_000,
);

it('clients that leave before their answer is ready, or with several on the way, are forgotten', async () => {
  const idleSockets = await openSockets();
  for (let time = 0; time < caseCount(16, 40); time++) {
    const client = openStalledClient('noted');
    await new Promise((resolve) => setTimeout(resolve, 5 * (time % 8)));
    client.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const client = connect(Number(new URL(server.url).port)).on('error', () => {});
  const body = JSON.stringify({ query, variables: { user: 'noted' } });
  for (let time = 0; time < 8; time++) {
    client.write(
      'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n' +
        `content-length: ${body.length}\r\n\r\n${body}`,
    );
  }
  await waitFor(async () => (await openSockets()) > idleSockets);
  client.destroy();
  await waitFor(async () => (await openSockets()) <= idleSockets);
  const stalled = openStalledClient('noted');
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const answer = await server.graphql(query, { user: 'noted' });
  stalled.destroy();
  expect(answer.body.data?.logs).toHaveLength(entryCount);
});

itLong(
  'a client that reads 30 kB a second gets on',
  async () => {
    const client = openStalledClient('noted').pause();
    let isOver = false;
    client.once('close', () => (isOver = true));
    let bytes = 0;
    for (let second = 0; second < 45; second++) {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      const chunk = client.read(30_000) ?? client.read();
      bytes += (chunk as Buffer | null)?.length ?? 0;
    }
    expect(isOver).toBe(false);
    expect(bytes).toBeGreaterThan(600_000);
    // The connection still brings what the kernel had not taken when the client was slow.
    for await (const chunk of client) bytes += (chunk as Buffer).length;
    expect(bytes).toBeGreaterThan(10_000_000);
  },
  120_000,
);
