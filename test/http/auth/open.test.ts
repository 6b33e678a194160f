import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sendHttp } from '../../support/server/http';
import { startServer, type TestServer } from '../../support/server/server';

const erase = '{"query":"mutation { deleteUserData(userId: \\"u\\") { deletedCount } }"}';
const post = (headers: Record<string, string> = {}) => ({ method: 'POST', body: erase, headers });

describe('an open server', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({
      CORS_ORIGINS: 'https://app.example',
      ALLOWED_HOSTS: 'logs.example, [2001:db8:0::7]:4000',
      RATE_LIMIT_PER_SECOND: '1000000',
    });
  });
  afterAll(() => server.stop());

  const origins = {
    allowed: ['http://localhost:3000', 'https://127.0.0.1', 'http://[::1]:8080', 'https://app.example'],
    refused: [
      'https://evil.example',
      'null',
      'http://localhost.evil.example',
      'http://127.0.0.1.evil.example',
      'https://app.example.evil.example',
      'https://app.example:8443',
      'http://app.example',
      'file://',
    ],
  };

  it.each(origins.allowed)('answers a page of %s', async (origin) => {
    const answer = await sendHttp(`${server.url}/graphql`, post({ origin }));
    expect(answer.body.data).toEqual({ deleteUserData: { deletedCount: 0 } });
    expect(answer.headers['access-control-allow-origin']).toBe(origin);
  });

  it.each(origins.refused)('refuses a page of %s, before anything is executed', async (origin) => {
    for (const path of ['/graphql', '/logs/', '/metrics']) {
      const method = path === '/metrics' ? 'GET' : 'POST';
      const answer = await sendHttp(server.url + path, {
        method,
        body: method === 'POST' ? erase : undefined,
        headers: { origin },
      });
      expect([path, answer.status, answer.body?.errors[0].extensions.code]).toEqual([path, 403, 'FORBIDDEN']);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
    const preflight = await sendHttp(`${server.url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
  });

  it.each([
    'evil.example',
    'evil.example:4000',
    '192.0.2.7:4000',
    '[2001:db8::1]',
    'localhost.',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
  ])('refuses the name %s, which a page may have given it', async (host) => {
    for (const path of ['/graphql', '/logs/']) {
      const answer = await sendHttp(server.url + path, post({ host }));
      expect([path, answer.status]).toEqual([path, 421]);
    }
    for (const path of ['/livez', '/readyz', '/metrics']) {
      expect((await sendHttp(server.url + path, { headers: { host } })).status).toBe(200);
    }
  });

  it.each([
    ['evil.example:4000', 'evil.example'],
    ['[2001:db8::1]:4000', '[2001:db8::1]'],
  ])('names %s in the refusal as ALLOWED_HOSTS takes it', async (host, name) => {
    const { body } = await sendHttp(`${server.url}/logs/`, { headers: { host } });
    expect(body.errors[0].message).toBe(
      `The server does not know the name ${name}: add it to ALLOWED_HOSTS.`,
    );
  });

  const names = ['logs.example', 'LOGS.example:80', '[2001:db8::7]:1', '[2001:DB8:0:0::7]'];
  it.each([...names, 'localhost', '127.0.0.1:1', '127.0.0.2', '[::1]:4000'])(
    'answers to the name %s',
    async (host) => {
      expect((await sendHttp(`${server.url}/logs/`, { headers: { host } })).status).toBe(200);
    },
  );

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'takes no body of %s, which a form or a beacon could send',
    async (type) => {
      for (const path of ['/graphql', '/logs/']) {
        const answer = await sendHttp(server.url + path, post({ 'content-type': type }));
        expect([path, answer.status]).toEqual([path, 415]);
      }
    },
  );

  it('refuses upgrades', async () => {
    const headers = { connection: 'upgrade', upgrade: 'websocket', origin: 'http://localhost' };
    expect((await sendHttp(`${server.url}/graphql`, { headers })).status).toBeLessThan(500);
  });
});

describe('a server that others reach', () => {
  const address = { HOST: '0.0.0.0' };

  it('does not start without a key, and says how to make one', async () => {
    await expect(startServer(address)).rejects.toThrow(/log-manager -- keys create .* ADMIN_KEY/);
  });

  it('starts with ADMIN_KEY, which it then asks for', async () => {
    const key = 'x'.repeat(32);
    const server = await startServer({ ...address, ADMIN_KEY: key });
    try {
      expect((await sendHttp(`${server.url}/logs/`)).status).toBe(401);
      const headers = { authorization: `Bearer ${key}`, host: 'any.example' };
      expect((await sendHttp(`${server.url}/logs/`, { headers })).status).toBe(200);
    } finally {
      await server.stop();
    }
  });

  it('starts with AUTH=none, and says that it is open', async () => {
    const server = await startServer({ ...address, AUTH: 'none', ALLOWED_HOSTS: '0.0.0.0' });
    try {
      const body = '{"query":"{ serverInfo { openAccess } viewer { name userId } }"}';
      const url = `${server.url.replace('0.0.0.0', 'localhost')}/graphql`;
      const { data } = (await sendHttp(url, { method: 'POST', body })).body;
      expect(data).toEqual({ serverInfo: { openAccess: true }, viewer: { name: null, userId: null } });
    } finally {
      await server.stop();
    }
  });
});
