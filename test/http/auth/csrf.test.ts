import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { findProgram, report } from '../../support/processes/programs';
import { sendHttp, type HttpRequest } from '../../support/server/http';
import { startServer, type TestServer } from '../../support/server/server';

const run = promisify(execFile);
const allowed = 'https://app.example';
const userId = 'ann';
const session = { userId, sessionId: 's', actions: [{ time: '2026-01-01T00:00:00Z', type: 'T' }] };
const eraseUser = (user: string) => `mutation { deleteUserData(userId: "${user}") { deletedCount } }`;
const erase = eraseUser(userId);
const record = 'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }';
const read = '{ logs { userId } }';
const byQuery = (query: string) => `/graphql?query=${encodeURIComponent(query)}`;
const json = (body: unknown) => JSON.stringify(body);

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ CORS_ORIGINS: allowed });
});
beforeEach(async () => {
  for (const user of [userId, 'eve']) await server.graphql(eraseUser(user));
  expect((await server.rest('POST', '/logs/', session)).status).toBe(201);
});
afterAll(() => server.stop());

async function storedUsers(): Promise<readonly string[]> {
  const { data } = await server.graphql(read);
  return data.logs.map((entry: { userId: string }) => entry.userId);
}

/** Every way to have something executed. */
const requests: Readonly<Record<string, readonly [path: string, request: HttpRequest]>> = {
  'GET of a query': [byQuery(read), {}],
  'POST of a query': ['/graphql', { method: 'POST', body: json({ query: read }) }],
  'POST of a deletion': ['/graphql', { method: 'POST', body: json({ query: erase }) }],
  'POST of a session': [
    '/graphql',
    { method: 'POST', body: json({ query: record, variables: { input: { ...session, userId: 'eve' } } }) },
  ],
  'GET /logs/': ['/logs/', {}],
  'POST /logs/': ['/logs/', { method: 'POST', body: json({ ...session, userId: 'eve' }) }],
};
const requestNames = Object.keys(requests);

async function statusOf(name: string, headers: Record<string, string>): Promise<number> {
  const [path, request] = requests[name]!;
  const contentType = request.body === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await sendHttp(server.url + path, { ...request, headers: { ...contentType, ...headers } });
  if (answer.status === 403) expect(answer.body.errors[0].message).toContain('CORS_ORIGINS');
  return answer.status;
}

describe.each(requestNames)('%s', (name) => {
  it.each([
    ['a program', {}],
    ['the address bar', { 'sec-fetch-site': 'none' }],
    ['a page of this server', { 'sec-fetch-site': 'same-origin' }],
    ['a page of an allowed origin', { 'sec-fetch-site': 'cross-site', origin: allowed }],
    ['a page of this machine', { 'sec-fetch-site': 'same-site', origin: 'http://localhost:3000' }],
  ])('is answered to %s', async (_who, headers) => {
    expect(await statusOf(name, headers)).toBeLessThan(300);
  });

  it.each([
    ['a page of another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['an old browser', { origin: 'https://evil.example' }],
    ['a page without an origin', { 'sec-fetch-site': 'cross-site', origin: 'null' }],
    ['a link, an image or a form of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a link, an image or a form of another port', { 'sec-fetch-site': 'same-site' }],
    ['an unknown relation', { 'sec-fetch-site': 'sister-site' }],
  ])('of %s is refused, and executes nothing', async (_who, headers) => {
    expect(await statusOf(name, headers)).toBe(403);
    expect(await storedUsers()).toEqual([userId]);
  });
});

describe('a body', () => {
  it.each([
    'text/plain',
    'TEXT/PLAIN',
    'text/plain;charset=UTF-8',
    'text/plain;application/json',
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; application/json',
    'multipart/form-data; boundary=x',
    'multipart/mixed; boundary=x',
    'application/graphql',
    'application/jsonx',
    'application/json, text/plain',
    'text/json',
    'application',
    '',
  ])('of the content type "%s" is refused, and executes nothing', async (contentType) => {
    for (const name of requestNames.filter((each) => each.startsWith('POST'))) {
      expect([name, await statusOf(name, { 'content-type': contentType })]).toEqual([name, 415]);
    }
    expect(await storedUsers()).toEqual([userId]);
  });

  it.each(['application/json', 'Application/JSON; charset=utf-8'])('of %s is taken', async (contentType) => {
    expect(await statusOf('POST of a query', { 'content-type': contentType })).toBe(200);
  });

  it('without a content type is refused', async () => {
    const body = Buffer.from(json({ query: erase }));
    expect((await fetch(`${server.url}/graphql`, { method: 'POST', body })).status).toBe(415);
    expect(await storedUsers()).toEqual([userId]);
  });
});

it('no page under a name of its own passes for another by X-Forwarded-Host', async () => {
  const proxied = await startServer({ TRUSTED_PROXIES: '127.0.0.1' });
  try {
    const headers = { host: 'evil.example', 'x-forwarded-host': 'localhost' };
    expect((await sendHttp(`${proxied.url}/logs/`, { headers })).status).toBe(421);
  } finally {
    await proxied.stop();
  }
});

describe('a GET request', () => {
  it('never erases, whoever sends it', async () => {
    for (const headers of [{}, { 'sec-fetch-site': 'same-origin' }]) {
      expect((await sendHttp(server.url + byQuery(erase), { headers })).status).toBe(405);
    }
    const page = { accept: 'text/html', 'content-type': 'application/json' };
    await sendHttp(server.url + byQuery(erase), { headers: page });
    await sendHttp(`${server.url}/graphql`, { body: json({ query: erase }), headers: page });
    expect(await storedUsers()).toEqual([userId]);
  });

  it('in the form of @urql/core 6 is answered', async () => {
    const accept =
      'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed';
    const answer = await sendHttp(`${server.url}${byQuery(read)}&variables=%7B%7D`, { headers: { accept } });
    expect(answer.body).toEqual({ data: { logs: [{ userId }] } });
  });

  const hasCurl = findProgram('curl') !== undefined;
  if (!hasCurl) report('skipped: a GET request of curl: install curl (apt-get install curl)');
  (hasCurl ? it : it.skip)('of curl -G is answered', async () => {
    const args = ['-s', '--noproxy', '*', '-G', `${server.url}/graphql`, '--data-urlencode', `query=${read}`];
    expect(JSON.parse((await run('curl', args)).stdout)).toEqual({ data: { logs: [{ userId }] } });
  });

  const hasRequests = spawnSync('python3', ['-c', 'import requests']).status === 0;
  if (!hasRequests) {
    report('skipped: a GET request of Python: install python3-requests (apt-get install python3-requests)');
  }
  (hasRequests ? it : it.skip)("of Python's requests is answered", async () => {
    const script =
      'import requests, sys; print(requests.get(sys.argv[1], params={"query": sys.argv[2]}).text)';
    const env = { ...process.env, NO_PROXY: '127.0.0.1' };
    const { stdout } = await run('python3', ['-c', script, `${server.url}/graphql`, read], { env });
    expect(JSON.parse(stdout)).toEqual({ data: { logs: [{ userId }] } });
  });
});

describe('the header accept', () => {
  it.each(['multipart/mixed', 'text/html', 'image/*', 'application/json;q=0, text/plain'])(
    'of %s, which no answer has, lets nothing be executed',
    async (accept) => {
      // The first request goes through Apollo Server, later ones may not.
      for (let at = 0; at < 3; at++) {
        expect(await statusOf('POST of a deletion', { accept })).toBe(406);
      }
      expect(await storedUsers()).toEqual([userId]);
    },
  );
});
