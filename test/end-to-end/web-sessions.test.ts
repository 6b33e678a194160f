import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDatabase, type TestDatabase } from '../support/database/database';
import { canonical } from '../support/server/doors';
import { startServer, type TestServer } from '../support/server/server';
import { readWebSessions, recordAll, toEntries, type Entry } from '../support/server/web-sessions';
import { caseCount } from '../support/scale';

const sessions = readWebSessions();
// The database sorts by time, then by order of recording; so does a stable sort of the entries as recorded.
const entries = toEntries(sessions).sort((a, b) => a.time.localeCompare(b.time));
const fields = 'time type properties userId sessionId';

interface Filter {
  readonly user?: string;
  readonly type?: string;
  readonly startTime?: string;
  readonly endTime?: string;
}

function matching({ user, type, startTime, endTime }: Filter): Entry[] {
  return entries.filter(
    (entry) =>
      (user === undefined || entry.userId === user) &&
      (type === undefined || entry.type === type) &&
      (startTime === undefined || Date.parse(entry.time) >= Date.parse(startTime)) &&
      (endTime === undefined || Date.parse(entry.time) < Date.parse(endTime)),
  );
}

/** The same sequence in every run, so that a failure can be seen again. */
function createRandom(seed: number): (below: number) => number {
  return (below) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
}

function createFilters(count: number): Filter[] {
  const random = createRandom(42);
  const pick = <Item>(list: readonly Item[]): Item => list[random(list.length)]!;
  return Array.from({ length: count }, () => {
    const [startTime, endTime] = [pick(entries).time, pick(entries).time].sort();
    return {
      ...(random(2) && { user: pick(entries).userId }),
      ...(random(2) && { type: pick(['GET', 'GET', 'HEAD', 'POST', 'OPTIONS']) }),
      ...(random(3) && { startTime: startTime!.replace('Z', '+00:00') }),
      ...(random(3) && { endTime: endTime! }),
    };
  });
}

const filterCount = caseCount(12, 200);

/** Jest takes far longer to compare thousands of entries than the server takes to find them. */
function expectSame(found: unknown, expected: unknown): void {
  if (canonical(found) !== canonical(expected)) expect(found).toEqual(expected);
}

let database: TestDatabase;
let server: TestServer;
beforeAll(async () => {
  database = await createDatabase();
  server = await startServer({ DATABASE_URL: database.url });
  await recordAll(server, sessions);
});
afterAll(async () => {
  await server.stop();
  await database.remove();
});

describe('6,000 real actions', () => {
  it('come back from logs as exactly themselves', async () => {
    const { data } = await server.graphql(`{ logs { ${fields} } }`);
    expect(data.logs).toHaveLength(6_000);
    expectSame(data.logs, entries);
  });

  it('come back over REST as exactly themselves', async () => {
    const { status, body } = await server.rest('GET', '/logs/');
    expect(status).toBe(200);
    expectSame(body, entries);
  });

  it(`are filtered as a brute-force filter does, for ${filterCount} random filters, in GraphQL and REST`, async () => {
    const query = `query ($user: String, $type: String, $startTime: DateTime, $endTime: DateTime) {
      logs(user: $user, type: $type, startTime: $startTime, endTime: $endTime) { ${fields} }
    }`;
    let found = 0;
    for (const filter of createFilters(filterCount)) {
      const expected = matching(filter);
      found += expected.length;
      const { data } = await server.graphql(query, filter);
      expectSame(data.logs, expected);

      const { startTime: start_time, endTime: end_time, ...rest } = filter;
      const parameters = {
        ...rest,
        ...(start_time && { start_time }),
        ...(end_time && { end_time }),
      };
      const { body } = await server.rest('GET', `/logs/?${new URLSearchParams(parameters)}`);
      expectSame(body, expected);
    }
    expect(found).toBeGreaterThan(filterCount * 50);
  });
});

describe('with MAX_LOGS_RESULT=50', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ DATABASE_URL: database.url, MAX_LOGS_RESULT: '50' });
  });
  afterAll(() => server.stop());

  it('slices that end at retryEndTime read the 6,000 entries once each', async () => {
    const query = `query ($startTime: DateTime, $endTime: DateTime) {
      logs(startTime: $startTime, endTime: $endTime) { ${fields} }
    }`;
    const read: Entry[] = [];
    let startTime: string | null = null;
    let endTime: string | null = null;
    for (;;) {
      const { data, errors } = await server.graphql(query, { startTime, endTime });
      if (errors) {
        const { code, limit, retryEndTime } = errors[0]!.extensions;
        expect({ code, limit }).toEqual({ code: 'RESULT_TOO_LARGE', limit: 50 });
        expect(typeof retryEndTime).toBe('string');
        endTime = retryEndTime as string;
        continue;
      }
      read.push(...(data.logs as Entry[]));
      if (endTime === null) break;
      startTime = endTime;
      endTime = null;
    }
    expectSame(read, entries);
  });

  it('retryEndTime is the largest end that fits', async () => {
    const { errors } = await server.graphql('{ logs { id } }');
    const end = errors![0]!.extensions['retryEndTime'] as string;
    const ask = (endTime: string) => server.graphql(`{ logs(endTime: "${endTime}") { id } }`);
    expect((await ask(end)).data.logs.length).toBeLessThanOrEqual(50);
    const later = end.replace('.000Z', '.000001Z');
    expect((await ask(later)).errors![0]!.extensions.code).toBe('RESULT_TOO_LARGE');
  });

  it('has no retryEndTime when one instant alone holds more', async () => {
    const actions = Array.from({ length: 51 }, () => ({ time: '2020-01-01T00:00:00Z', type: 'X' }));
    const session = { userId: 'one', sessionId: 'instant', actions };
    expect((await server.rest('POST', '/logs/', session)).status).toBe(201);
    const { status, body } = await server.rest('GET', '/logs?user=one');
    expect(status).toBe(400);
    expect(body.errors[0].extensions).toEqual({
      code: 'RESULT_TOO_LARGE',
      retryable: false,
      limit: 50,
      retryEndTime: null,
    });
  });
});
