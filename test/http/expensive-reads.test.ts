import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Statement } from 'sqlite3';
import { sendHttp, type HttpAnswer } from '../support/server/http';
import { startServer, type TestServer } from '../support/server/server';
import { waitFor } from '../support/wait-for';

/** One read more than one that runs and 16 that wait. */
const tooMany = 18;
/** Different fields: equal reads share an execution. */
const repeat = (count: number, fieldOf: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => `f${at}: ${fieldOf(at)}`).join(' ');

/** Passes the properties of every entry. */
const slowFilter = (at: number): string =>
  `{ userIds: ["u"], properties: [{ path: ["n"], is: { gt: ${1_000_000 + at} } }] }`;
const count = (at: number, filter = '{}'): string =>
  `logsConnection(filter: ${filter}, first: 1) { totalCount(upTo: ${at + 1}) { value } }`;

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ METRICS_PORT: '', MAX_REQUEST_BYTES: '4194304' });
  const actions = Array.from({ length: 5_000 }, (_, n) => ({
    time: '2018-10-18T21:37:28Z',
    type: 'CLICK',
    properties: { n },
  }));
  for (const sessionId of ['a', 'b', 'c']) {
    const { status } = await server.rest('POST', '/logs/', { userId: 'u', sessionId, actions });
    expect(status).toBe(201);
  }
});
afterAll(() => server?.stop());

const ask = (query: string): Promise<HttpAnswer> =>
  sendHttp(`${server.url}/graphql`, { method: 'POST', body: JSON.stringify({ query }) });

async function readMetric(name: string): Promise<number> {
  const { text } = await sendHttp(`${server.url}/metrics`);
  return Number(new RegExp(`^log_manager_${name} (\\d+)$`, 'm').exec(text)![1]);
}

/** Keeps reads that filter by a property from SQLite until the function it returns is called. */
function holdFilteredReads(): () => void {
  const { all } = Statement.prototype;
  let release!: () => void;
  const released = new Promise<void>((resolve) => (release = resolve));
  const spy = jest.spyOn(Statement.prototype, 'all').mockImplementation(function (this: Statement, ...args) {
    const { sql } = this as Statement & { readonly sql: string };
    if (!sql.includes('json_type')) return all.apply(this, args);
    void released.then(() => all.apply(this, args));
    return this;
  });
  return () => {
    spy.mockRestore();
    release();
  };
}

describe('expensive reads of a client that has 16 waiting', () => {
  const refused = {
    message: expect.stringMatching(/^Too many requests. Send this one again in \d+ s.$/),
    extensions: { code: 'RATE_LIMITED', retryable: true, retryAfterMs: expect.any(Number) },
  };

  it('are refused by HTTP, if the answer holds no data', async () => {
    const query = `{ ${repeat(tooMany, (at) => count(at))} }`;
    // The second time, Apollo Server is not asked.
    for (const path of ['f17', 'f17']) {
      const { status, headers, body } = await ask(query);
      expect([status, headers['retry-after']]).toEqual([429, expect.stringMatching(/^\d+$/)]);
      expect(body).toMatchObject({ errors: [{ ...refused, path: [path, 'totalCount'] }] });
      expect(body).not.toHaveProperty('data');
    }
  });

  it('are refused over REST, while bounded reads, health and writes are not', async () => {
    const release = holdFilteredReads();
    // One runs, and 16 wait.
    const answer = ask(`{ ${repeat(tooMany - 1, (at) => count(at, slowFilter(at)))} }`);
    await waitFor(async () => (await readMetric('expensive_reads_waiting')) === 16);
    const refusal = server.rest('GET', '/logs/?user=u&type=NONE');
    const others = [
      await server.rest('GET', '/logs/?user=nobody'),
      await server.rest('GET', '/logs/?type=NONE'),
      await sendHttp(`${server.url}/readyz`),
      await server.rest('POST', '/logs/', { userId: 'v', sessionId: 'v', actions: [] }),
    ];
    expect(others.map(({ status }) => status)).toEqual([200, 200, 200, 201]);
    expect(await readMetric('expensive_reads_waiting')).toBe(16);
    release();
    const { status, headers, body } = (await refusal) as HttpAnswer;
    expect([status, headers['retry-after']]).toEqual([429, expect.stringMatching(/^\d+$/)]);
    expect(body.errors[0].extensions).toMatchObject({ code: 'RATE_LIMITED', retryable: true });
    expect((await answer).body.errors).toBeUndefined();
    expect(await readMetric('expensive_reads_waiting')).toBe(0);
    const { text } = await sendHttp(`${server.url}/metrics`);
    expect(text).toContain('log_manager_expensive_reads_refused_total{reason="share"} 3');
  });
});

describe('equal expensive reads', () => {
  it('share statements, and show what was acknowledged before they came', async () => {
    const type = 'SHARED';
    const query = `{ logs(user: "u", type: "${type}") { id properties } logTypes(filter: { types: ["${type}"] }) {
      types { count } } }`;
    // The memory of larger results is released after use.
    const padding = 'x'.repeat(1_000);
    const record = async (number: number): Promise<void> => {
      const actions = [{ time: '2018-10-18T21:37:28Z', type, properties: { number, padding } }];
      const { status } = await server.rest('POST', '/logs/', { userId: 'u', sessionId: 'shared', actions });
      expect(status).toBe(201);
    };
    const check = (number: number, { body }: HttpAnswer): void => {
      const { logs, logTypes } = body.data as {
        logs: { properties: { number: number; padding: string } }[];
        logTypes: { types: { count: number }[] };
      };
      expect(logs.map(({ properties }) => properties)).toEqual(
        logs.map((_, at) => ({ number: at, padding })),
      );
      expect(logs.length).toBeGreaterThan(number);
      expect(logTypes.types[0]!.count).toBeGreaterThan(number);
    };
    const statements = jest.spyOn(Statement.prototype, 'all');
    let earlier: Promise<unknown> = Promise.resolve();
    const rounds = 30;
    for (let number = 0; number < rounds; number++) {
      await record(number);
      await earlier;
      // Two reads in each; one runs, and 16 may wait.
      const answers = Array.from({ length: 8 }, async () => check(number, await ask(query)));
      earlier = Promise.all(answers);
    }
    await earlier;
    const reads = statements.mock.calls.filter((call) => JSON.stringify(call).includes(type));
    statements.mockRestore();
    // Without sharing, 16 in each round.
    expect(reads.length).toBeGreaterThan(0);
    expect(reads.length).toBeLessThan(8 * rounds);
  });
});
