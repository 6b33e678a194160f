import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, it } from '@jest/globals';
import { createDatabase, dialect } from '../support/database/database';
import { report } from '../support/processes/programs';
import { startServerProcess } from '../support/processes/server-process';

const maxLivezMs = 250;
const maxMegabytes = 500;
const rounds = 2;

const isSqlite = dialect === 'sqlite';
const numbersBelow = (count: number): string =>
  isSqlite
    ? `(WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < ${count - 1}) SELECT n FROM n)`
    : `(SELECT n FROM generate_series(0, CAST(${count - 1} AS bigint)) AS n)`;
const timeAt = (micros: string): string =>
  isSqlite ? micros : `to_timestamp(0) + (${micros}) * interval '1 microsecond'`;
const propertiesOf = (json: string): string => (isSqlite ? `json(${json})` : `CAST(${json} AS jsonb)`);

/** A statement that inserts entries; `n` counts from 0. */
function fill(userId: string, firstId: number, count: number, columns: Record<string, string>): string {
  const { micros, type = `'T'`, json = `'{}'` } = columns;
  return `INSERT INTO log_entry (id, time, type, properties, user_id, session_id, received_at)
    SELECT n + ${firstId}, ${timeAt(micros!)}, ${type}, ${propertiesOf(json)}, '${userId}', 's', ${timeAt('0')}
    FROM ${numbersBelow(count)} AS numbers`;
}
const zeros = isSqlite ? 'hex(zeroblob(10000))' : `repeat('0', 20000)`;
const entries = [
  fill('large', 1, 10_000, { micros: 'n * 1000000', json: `'{"n":' || n || ',"a":"' || ${zeros} || '"}'` }),
  fill('minutes', 100_001, 100_000, {
    micros: 'n / 100 * 60000000',
    type: `'TYPE' || (n % 100)`,
  }),
  fill('clicks', 300_001, 9_999, {
    micros: 'n',
    json: `'{"locationX":' || (n % 100 * 20) || ',"locationY":' || (n / 100 * 20) || '}'`,
  }),
  'ANALYZE',
];

const times = (count: number, write: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => write(at)).join(' ');
const query = (text: string): string => JSON.stringify({ query: text });
const record = (actions: object[], fields = 'recordedCount'): string =>
  JSON.stringify({
    query: `mutation ($s: RecordSessionInput!) { recordSession(input: $s) { ${fields} } }`,
    variables: { s: { userId: 'u', sessionId: 's', actions } },
  });
const action = { time: '2020-01-01T00:00:00Z', type: 'T' };
const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 1]));
const large = 'filter: { userIds: ["large"] }';
const minutes = 'filter: { userIds: ["minutes"], startTime: "1970-01-01", endTime: "1970-01-01T16:40:00Z" }';

/** The request of each attack, and the connections that send it at once: ten times those of issue 17. */
const attacks: Record<string, { readonly body: string; readonly connections: number }> = {
  'an answer of 207 MB': {
    body: query('{ logs(user: "large") { id time type properties userId sessionId receivedAt } }'),
    connections: 10,
  },
  'pages of 200 MB': {
    body: query(
      `{ ${times(10, (at) => `p${at}: logsConnection(${large}, first: 1000) { edges { node { properties } } }`)} }`,
    ),
    connections: 10,
  },
  'lists of 31 MB': {
    body: query(
      '{ logs(user: "large", endTime: "1970-01-01T00:25:40Z") { time type properties userId sessionId } }',
    ),
    connections: 10,
  },
  'pages of 30 MB': {
    body: query(
      `{ a: logsConnection(${large}, first: 1000) { edges { cursor node { id properties } } }
      b: logsConnection(${large}, first: 500) { nodes { properties } pageInfo { endCursor } } }`,
    ),
    connections: 10,
  },
  'an entry of 900 names': {
    body: query(`{ logs(user: "large") { ${times(900, (at) => `a${at}: type`)} } }`),
    connections: 10,
  },
  'nine histograms of 1,000 buckets and 100 groups': {
    body: query(
      `{ ${times(
        9,
        (at) => `h${at}: logHistogram(${minutes}, interval: MINUTE, groupBy: TYPE, topGroups: 100) {
        buckets { start end count groups { key count } } }`,
      )} }`,
    ),
    connections: 10,
  },
  'nine click maps of 10,000 cells': {
    body: query(
      `{ ${times(9, (at) => `c${at}: clickMap(filter: { userIds: ["clicks"] }) { cells { x y count } }`)} }`,
    ),
    connections: 10,
  },
  'properties with 300,000 keys': {
    body: record([{ ...action, properties: keys(300_000) }]),
    connections: 10,
  },
  '300,000 valid properties': {
    body: record(Array.from({ length: 100 }, () => ({ ...action, properties: keys(3_000) })).slice(0, 90)),
    connections: 10,
  },
  '1,390,000 arrays': {
    body: `{"query":"{ __typename }","variables":{"a":[${'[],'.repeat(1_390_000)}0]}}`,
    connections: 10,
  },
  'recorded entries of 70 MB': {
    body: record(
      Array.from({ length: 4_000 }, () => ({ ...action, properties: { a: 'x'.repeat(900) } })),
      `entries { ${times(20, (at) => `p${at}: properties`)} }`,
    ),
    connections: 10,
  },
};

/** Sends a request, and counts the bytes of the answer: reading it as text would keep this process busy. */
async function send(port: number, body: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let [bytes, start] = [0, ''];
  socket.on('error', () => {});
  socket.on('data', (data: Buffer) => {
    bytes += data.length;
    if (start.length < 1_000) start += data.toString('latin1', 0, 1_000);
  });
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n`,
  );
  socket.write(body);
  await once(socket, 'close');
  const code = /"code":"(\w+)"/.exec(start)?.[1] ?? 'no error';
  return `${start.slice(9, 12)} ${code}, ${Math.round(bytes / 1_000)} KB`;
}

it.each(Object.keys(attacks))(
  `/livez is answered within ${maxLivezMs} ms, in ${maxMegabytes} MB, beside %s`,
  async (name) => {
    const { body, connections } = attacks[name]!;
    const database = await createDatabase();
    const server = await startServerProcess({
      DATABASE_URL: database.url,
      AUTH: 'none',
      QUERY_TIMEOUT_MS: '60000',
    });
    const port = Number(new URL(server.url).port);
    for (const sql of entries) await database.execute(sql);
    const prober = new Worker(join(__dirname, 'support', 'livez-prober.mjs'), { workerData: { port } });
    const answers = new Map<string, number>();
    for (let round = 0; round < rounds; round++) {
      const sent = Array.from({ length: connections }, () => send(port, body));
      for (const answer of await Promise.all(sent)) answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
    prober.postMessage('end');
    const [{ max, median }] = (await once(prober, 'message')) as [{ max: number; median: number }];
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))!;
    const megabytes = Math.round(Number(kilobytes) / 1_024);
    await server.end('SIGKILL');
    await database.remove();
    const counts = [...answers].map(([answer, count]) => `${count} × ${answer}`).join('; ');
    report(
      `${name}: /livez ${max.toFixed(0)} ms at most, median ${median.toFixed(1)}; ${megabytes} MB; ${counts}`,
    );
    expect(max).toBeLessThan(maxLivezMs);
    expect(megabytes).toBeLessThan(maxMegabytes);
  },
);
