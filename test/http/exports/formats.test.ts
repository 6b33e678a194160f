import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sendHttp } from '../../support/server/http';
import { startServer, type TestServer } from '../../support/server/server';
import { waitFor } from '../../support/wait-for';
import { parseCsv, undoNeutralising } from './support';

interface Entry {
  readonly time: string;
  readonly type: string;
  readonly properties: object;
  readonly userId: string;
  readonly sessionId: string;
}

const texts = [
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\n=1',
  "'=1",
  "''+1",
  "'tis",
  "'",
  'a,"b"\r\nc',
  '"',
  'é😀',
  ' =1',
  'a=1',
];
const entriesOfEach = 100;
const csvHead = ['time', 'type', 'userId', 'sessionId', 'properties'];

let server: TestServer;
let stored: readonly Entry[];
beforeAll(async () => {
  server = await startServer({ MAX_LOGS_RESULT: '10000' });
  for (const [at, text] of texts.entries()) {
    // Equal times, and times before those of earlier sessions.
    const actions = Array.from({ length: entriesOfEach }, (_, n) => ({
      time: `2026-01-0${1 + (n % 3)}T00:00:00.${n % 2 === 0 ? '000001' : '5'}Z`,
      type: text,
      properties: { text, n, at, nested: { '=a"': [1, null, '\n'] } },
    }));
    const { status } = await server.rest('POST', '/logs/', { userId: text, sessionId: text, actions });
    expect(status).toBe(201);
  }
  stored = (await server.rest('GET', '/logs/')).body;
  expect(stored).toHaveLength(texts.length * entriesOfEach);
});
afterAll(() => server.stop());

const get = (query: string, headers: Record<string, string> = {}) =>
  sendHttp(`${server.url}/logs/${query}`, { headers });

function parseLines(text: string): Entry[] {
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Entry);
}

function toEntries(text: string, change = (cell: string): string => cell): Entry[] {
  const [head, ...rows] = parseCsv(text);
  expect(head).toEqual(csvHead);
  return rows.map(([time, ...cells]) => {
    const [type, userId, sessionId] = cells.slice(0, 3).map(change) as [string, string, string];
    return { time: time!, type, properties: JSON.parse(cells[3]!) as object, userId, sessionId };
  });
}

describe('an export', () => {
  it('as NDJSON has every entry on a line, as JSON has it', async () => {
    const answer = await sendHttp(`${server.url}/logs?format=ndjson`);
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/x-ndjson',
      'transfer-encoding': 'chunked',
      'cache-control': 'no-store',
      vary: expect.stringContaining('Accept-Encoding'),
      'content-disposition': expect.stringMatching(
        /^attachment; filename="logs-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.ndjson"$/,
      ),
    });
    expect(answer.headers['csv-formulas']).toBeUndefined();
    expect(parseLines(answer.bytes.toString())).toEqual(stored);
  });

  it('as CSV neutralises formulas so that the texts can be told', async () => {
    const answer = await get('?format=csv');
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'csv-formulas': 'neutralised',
      'content-disposition': expect.stringMatching(/\.csv"$/),
    });
    const cells = toEntries(answer.text);
    expect(cells.filter(({ type }) => /^[=+\-@\t\r\n]/.test(type))).toEqual([]);
    expect(new Set(cells.map(({ type }) => type))).toEqual(
      new Set([
        ..."=1+1|+1|-1|@SUM(A1)|\t=1|\r=1|\n=1|'=1|''+1".split('|').map((text) => `'${text}`),
        ...texts.slice(9),
      ]),
    );
    expect(toEntries(answer.text, undoNeutralising)).toEqual(stored);
    expect(answer.text.startsWith(`${csvHead.join(',')}\r\n"`)).toBe(true);
  });

  it('as CSV keeps formulas if asked', async () => {
    const answer = await get('?format=csv&formulas=keep');
    expect(answer.headers['csv-formulas']).toBe('kept');
    expect(toEntries(answer.text)).toEqual(stored);
  });

  it.each([
    ['?format=ndjson', {}, 'ndjson'],
    ['', { accept: 'application/x-ndjson' }, 'ndjson'],
    ['', { accept: 'text/csv' }, 'csv'],
    ['', { accept: 'text/csv, */*;q=0.1' }, 'csv'],
    ['', { accept: 'TEXT/CSV; header=present;q=0.5, application/json;q=0.4' }, 'csv'],
    ['?format=csv', { accept: 'application/json' }, 'csv'],
    ['?format=json', { accept: 'application/x-ndjson' }, 'ndjson'],
    ['', { accept: 'application/json, text/csv;q=0.5' }, 'json'],
    ['', { accept: 'text/csv;\tq=0.1, application/json' }, 'json'],
    ['', { accept: 'text/html, */*;q=0.8' }, 'json'],
    ['', { accept: '*/*' }, 'json'],
    ['', { accept: 'text/csvx' }, 'json'],
    ['?format=NDJSON', {}, 'json'],
    ['?format=api', {}, 'json'],
    ['?format=a&format=b', {}, 'json'],
  ])('is chosen by %j and %j: %s', async (query, headers, expected) => {
    const { status, headers: sent } = await get(query, headers);
    const type = String(sent['content-type']);
    expect([status, ['ndjson', 'csv', 'json'].find((name) => type.includes(name))]).toEqual([200, expected]);
  });

  it.each(['ndjson', 'csv'])('as %s takes filters, order and limit', async (format) => {
    const parse = (text: string) => (format === 'csv' ? toEntries(text, undoNeutralising) : parseLines(text));
    for (const [query, expected] of [
      [{ user: '=1+1' }, stored.filter(({ userId }) => userId === '=1+1')],
      [{ user: '"', type: '"' }, stored.filter(({ userId }) => userId === '"')],
      [
        { start_time: '2026-01-02', end_time: '2026-01-03' },
        stored.filter(({ time }) => time.startsWith('2026-01-02')),
      ],
      [{ order: 'desc', limit: '1500' }, stored.toReversed().slice(0, 1_500)],
      [{ order: 'asc', limit: '1' }, stored.slice(0, 1)],
      [{ limit: String(2 ** 53 - 1) }, stored],
      [{ user: 'nobody' }, []],
    ] as const) {
      const { text } = await get(`?${new URLSearchParams({ ...query, format })}`);
      expect([query, parse(text)]).toEqual([query, expected]);
    }
  });

  it.each(['ndjson', 'csv'])('as %s takes the filter of GraphQL', async (format) => {
    const parse = (text: string) => (format === 'csv' ? toEntries(text, undoNeutralising) : parseLines(text));
    const one = (text: string) => stored.filter(({ type }) => type === text);
    for (const [filter, expected] of [
      [{}, stored],
      [null, stored],
      [{ types: ['"', '=1+1'] }, stored.filter(({ type }) => type === '"' || type === '=1+1')],
      [{ userIds: ['é😀'], sessionIds: ['é😀', 'none'] }, one('é😀')],
      [
        { startTime: '2026-01-02', endTime: '2026-01-03' },
        stored.filter(({ time }) => time.startsWith('2026-01-02')),
      ],
      [
        {
          types: ['a=1'],
          properties: [
            { path: ['n'], is: { gte: 10 } },
            { path: ['n'], is: { lt: 13 } },
            { path: ['text'], is: { equals: 'a=1' } },
          ],
        },
        one('a=1').filter(({ properties }) => [10, 11, 12].includes((properties as { n: number }).n)),
      ],
      [{ types: ['none'] }, []],
    ] as const) {
      const { text } = await get(`?${new URLSearchParams({ filter: JSON.stringify(filter), format })}`);
      expect([filter, parse(text)]).toEqual([filter, expected]);
    }
  });

  it('takes a filter with order, limit and the header Accept, and from a body', async () => {
    const filter = { types: ["'tis"] };
    const expected = stored.filter(({ type }) => type === "'tis").toReversed();
    const query = new URLSearchParams({ filter: JSON.stringify(filter), order: 'desc', limit: '7' });
    const byHeader = await get(`?${query}`, { accept: 'application/x-ndjson' });
    expect(parseLines(byHeader.text)).toEqual(expected.slice(0, 7));
    const body = JSON.stringify({ format: 'ndjson', order: 'desc', filter });
    expect(parseLines((await sendHttp(`${server.url}/logs/`, { body })).text)).toEqual(expected);
  });

  it.each([
    [{ filter: '{"types":["a"]}' }, 'filter'],
    [{ format: 'json', filter: '{"types":["a"]}' }, 'filter'],
    [{ format: 'csv', filter: '{"types":' }, 'filter'],
    [{ format: 'csv', filter: '' }, 'filter'],
    [{ format: 'csv', filter: '[]' }, 'filter'],
    [{ format: 'csv', filter: '"a"' }, 'filter'],
    [{ format: 'csv', filter: '{"type":["a"]}' }, 'filter.type'],
    [{ format: 'csv', filter: '{"types":[]}' }, 'filter.types'],
    [{ format: 'csv', filter: '{"types":["a",1]}' }, 'filter.types[1]'],
    [{ format: 'csv', filter: '{"startTime":"x"}' }, 'filter.startTime'],
    [{ format: 'csv', filter: '{"startTime":"2026-01-02","endTime":"2026-01-01"}' }, 'filter.startTime'],
    [
      { format: 'csv', filter: '{"types":["a"],"properties":[{"path":["n"],"is":{"gt":1,"lt":2}}]}' },
      'filter.properties[0].is',
    ],
    [{ format: 'ndjson', filter: '{}', user: 'a' }, 'user'],
    [{ format: 'ndjson', filter: '{}', type: 'a' }, 'type'],
    [{ format: 'ndjson', filter: '{}', start_time: '2026-01-01' }, 'start_time'],
    [{ format: 'ndjson', filter: '{}', end_time: '2026-01-01' }, 'end_time'],
  ])('refuses %j', async (query, path) => {
    const { status, body } = await get(`?${new URLSearchParams(query as Record<string, string>)}`);
    const [{ extensions }] = body.errors;
    expect([status, extensions.code, extensions.violations[0].path]).toEqual([400, 'BAD_USER_INPUT', path]);
  });

  it('refuses a filter on properties alone, as GraphQL does', async () => {
    const filter = JSON.stringify({ properties: [{ path: ['n'], is: { equals: 1 } }] });
    const { status, body } = await get(`?${new URLSearchParams({ format: 'ndjson', filter })}`);
    expect([status, body.errors[0].extensions.code]).toEqual([400, 'FILTER_TOO_BROAD']);
  });

  it('takes its parameters from a body', async () => {
    const body = JSON.stringify({ format: 'ndjson', limit: 3, order: 'desc', formulas: null });
    const { text } = await sendHttp(`${server.url}/logs/`, { body });
    expect(parseLines(text)).toEqual(stored.toReversed().slice(0, 3));
  });

  it.each(['br', 'gzip'])('is compressed as %s', async (coding) => {
    const answer = await get('?format=ndjson', { 'accept-encoding': coding });
    expect(answer.headers['content-encoding']).toBe(coding);
    expect(parseLines(answer.text)).toEqual(stored);
    expect(answer.bytes.length).toBeLessThan(answer.text.length / 5);
  });

  it('is counted as a request, and not timed', async () => {
    const read = async () => {
      const { text } = await sendHttp(`${server.url}/metrics`);
      return ['http_request_duration_seconds_count{', 'http_requests_total{'].map((name) => {
        const line = text
          .split('\n')
          .find((one) => one.includes(name) && one.includes('"/logs/"') && /"GET"/.test(one));
        return Number(line!.split(' ').at(-1));
      });
    };
    const [timed, counted] = await read();
    await get('?format=csv&limit=1');
    // After the end of the answer.
    await waitFor(async () => (await read())[1] === counted! + 1);
    expect((await read())[0]).toBe(timed);
  });

  it('answers HEAD with the headers only', async () => {
    const answer = await sendHttp(`${server.url}/logs/?format=csv`, { method: 'HEAD' });
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(answer.headers).toMatchObject({ 'csv-formulas': 'neutralised' });
  });

  it.each([
    ['limit=0&format=csv', 'limit'],
    ['limit=x&format=ndjson', 'limit'],
    ['format=csv&start_time=x', 'start_time'],
    ['format=csv&after=x', 'after'],
    ['format=csv&format=csv', 'format'],
    ['format=csv&formulas=yes', 'formulas'],
    ['format=ndjson&formulas=keep', 'formulas'],
    ['formulas=keep', 'formulas'],
    ['format=csv&order=DESC', 'order'],
  ])('is refused for %s', async (query, path) => {
    const { status, body } = await get(`?${query}`);
    expect([status, body.errors[0].extensions.violations[0].path]).toEqual([400, path]);
  });
});

describe('JSON with order=desc', () => {
  it('has the last entries first, page by page', async () => {
    const first = await get('?order=desc&limit=50');
    expect(first.body).toEqual(stored.toReversed().slice(0, 50));
    const [, next] = /^<(.*)>; rel="next"$/.exec(String(first.headers['link']))!;
    const second = await sendHttp(`${server.url}${next}`);
    expect(second.body).toEqual(stored.toReversed().slice(50, 100));
    expect((await get('?order=asc')).body).toEqual(stored);
  });

  it('needs a limit', async () => {
    const { status, body } = await get('?order=desc');
    expect([status, body.errors[0].extensions.violations[0].path]).toEqual([400, 'order']);
  });
});
