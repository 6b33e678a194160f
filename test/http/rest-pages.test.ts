import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sendHttp, type HttpAnswer } from '../support/server/http';
import { startServer, type TestServer } from '../support/server/server';

const time = '2020-01-01T00:00:00Z';
/** Characters that have a meaning in an address, in the header Link, or in neither. */
const userId = 'a&b=c>;,"% +é😀';
const type = 'instant; rel="prev"';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ MAX_LOGS_RESULT: '50' });
  const action = (n: number) => ({ time, type: n % 2 === 0 ? type : 'other', properties: { n } });
  const actions = Array.from({ length: 102 }, (_, n) => action(n));
  for (const user of [userId, 'another']) {
    const { status } = await server.rest('POST', '/logs/', { userId: user, sessionId: 's', actions });
    expect(status).toBe(201);
  }
});
afterAll(() => server.stop());

const get = (path: string, body?: object) =>
  sendHttp(server.url + path, { body: body && JSON.stringify(body) });
const numbersOf = ({ body }: HttpAnswer) =>
  (body as { properties: { n: number } }[]).map(({ properties }) => properties.n);
/** The target of `Link: <…>; rel="next"`; undefined without the header. */
function nextOf({ headers: { link } }: HttpAnswer): string | undefined {
  if (link === undefined) return undefined;
  const [, target] = /^<([!-~]+)>; rel="next"$/.exec(link as string)!;
  return target;
}

async function walk(path: string, body?: object): Promise<{ numbers: number[]; pages: number }> {
  const numbers: number[] = [];
  let answer = await get(path, body);
  for (let pages = 1; ; pages++) {
    expect(answer.status).toBe(200);
    numbers.push(...numbersOf(answer));
    const next = nextOf(answer);
    if (next === undefined) return { numbers, pages };
    answer = await get(next);
  }
}

const all = Array.from({ length: 102 }, (_, n) => n);
const even = all.filter((n) => n % 2 === 0);

describe('more entries at one instant than MAX_LOGS_RESULT', () => {
  it.each([
    ['without a filter', '', ''],
    ['of one user and type', `?${new URLSearchParams({ user: userId, type })}`, 'user: $user, type: $type'],
  ])('are refused %s, with advice that works', async (_name, query, args) => {
    const rest = await get(`/logs/${query}`);
    const document = args
      ? `query ($user: String, $type: String) { logs(${args}) { id } }`
      : '{ logs(startTime: "2020-01-01") { id } }';
    const graphql = await server.graphql(document, { user: userId, type });
    expect(rest.status).toBe(400);
    for (const { message, extensions } of [rest.body.errors[0], graphql.errors![0]!]) {
      expect(message).toBe(
        'More than 50 entries match. They share one instant: read them in pages, with logsConnection (GraphQL) or ' +
          'limit (REST).',
      );
      expect(extensions).toMatchObject({ code: 'RESULT_TOO_LARGE', limit: 50, retryEndTime: null });
    }
  });
});

describe('limit', () => {
  it.each([1, 7, 50, 51])('of %i reads every entry once, page by page', async (limit) => {
    const query = new URLSearchParams({ user: userId, type, limit: String(limit) });
    const pages = Math.ceil(51 / limit);
    for (const path of ['/logs', '/logs/']) {
      expect(await walk(`${path}?${query}`)).toEqual({ numbers: even, pages });
    }
  });

  it('reads more than MAX_LOGS_RESULT in a page, and sends no Link with the last page', async () => {
    const answer = await get(`/logs/?limit=10000`);
    expect([answer.status, answer.body.length, answer.headers['link']]).toEqual([200, 204, undefined]);
    expect((await get('/logs/?limit=1&user=nobody')).headers['link']).toBeUndefined();
    expect((await get('/logs/?user=nobody')).headers['link']).toBeUndefined();
  });

  it('in a body repeats the filters of the body and of the query string by name', async () => {
    const filters = { start_time: '2020-01-01T02:00:00+02:00', end_time: '2020-01-02' };
    const body = { user: userId, limit: 40, type: null, ...filters };
    const answer = await get('/logs/?format=json&user=' + encodeURIComponent(userId), body);
    const next = new URL(nextOf(answer)!, server.url);
    expect(Object.fromEntries(next.searchParams)).toEqual({
      user: userId,
      ...filters,
      limit: '40',
      after: expect.any(String),
    });
    expect(await walk('/logs/', body)).toEqual({ numbers: all, pages: 3 });
    // A client may send the body again.
    const again = await get(nextOf(answer)!, body);
    expect(numbersOf(again)).toEqual(all.slice(40, 80));
  });

  it('gives no gaps or repeats when entries are recorded between pages', async () => {
    const record = (n: number, at: string) =>
      server.rest('POST', '/logs/', {
        userId: 'busy',
        sessionId: 's',
        actions: [{ time: at, type: 'x', properties: { n } }],
      });
    for (const n of [1, 2, 3]) await record(n, time);
    const first = await get('/logs/?user=busy&limit=2');
    await record(0, '2019-01-01T00:00:00Z');
    await record(4, time);
    expect(numbersOf(first)).toEqual([1, 2]);
    expect((await walk(nextOf(first)!)).numbers).toEqual([3, 4]);
  });

  it.each(['0', '10001', '-1', '1.5', '', 'x', '1e3', ' 1', '0x1', '٣'])(
    'of %j is refused',
    async (limit) => {
      const { status, body } = await get(`/logs/?${new URLSearchParams({ limit })}`);
      expect(status).toBe(400);
      expect(body.errors[0].extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        violations: [
          {
            path: 'limit',
            message: expect.stringMatching(/^must be an integer from 1 to 10000, not "?.+"?$/u),
          },
        ],
      });
    },
  );

  it.each([0, 10_001, '5', true, [5]])('of %j in a body is refused', async (limit) => {
    const { status, body } = await get('/logs/', { limit });
    expect([status, body.errors[0].extensions.violations[0].path]).toEqual([400, 'limit']);
  });

  it('is refused with another value in the body', async () => {
    const { status, body } = await get('/logs/?limit=1', { limit: 2 });
    expect([status, body.errors[0].extensions.violations[0].path]).toEqual([400, 'limit']);
  });

  it('lists wrong filters beside it by the names of REST', async () => {
    const { body } = await get('/logs/?limit=0&start_time=x&end_time=2020-01-01');
    const paths = body.errors[0].extensions.violations.map(({ path }: { path: string }) => path);
    expect(paths).toEqual(['start_time', 'limit']);
  });
});

describe('after', () => {
  it('is refused without limit, altered, or with other filters', async () => {
    const next = new URL(nextOf(await get('/logs/?user=another&limit=10'))!, server.url);
    const after = next.searchParams.get('after')!;
    for (const [query, path] of [
      [{ user: 'another', after }, 'limit'],
      [{ user: 'another', limit: '10', after: `${after}A` }, 'after'],
      [{ user: 'another', limit: '10', after: '' }, 'after'],
      [{ user: userId, limit: '10', after }, 'after'],
      [{ limit: '10', after }, 'after'],
    ] as const) {
      const { status, body } = await get(`/logs/?${new URLSearchParams(query)}`);
      expect([query, status]).toEqual([query, 400]);
      const { code, violations } = body.errors[0].extensions;
      expect([query, code, violations[0].path]).toEqual([query, 'BAD_USER_INPUT', path]);
      expect(JSON.stringify(body)).not.toMatch(/endCursor|startTime/);
    }
    expect((await get('/logs/', { user: 'another', limit: 10, after: 1 })).status).toBe(400);
    // The page may have another size.
    const answer = await get(`/logs/?${new URLSearchParams({ user: 'another', limit: '2', after })}`);
    expect(numbersOf(answer)).toEqual([10, 11]);
  });
});
