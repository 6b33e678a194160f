import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { freePorts } from '../support/processes/free-ports';
import { keepAlive, sendHttp } from '../support/server/http';
import { startKeyedServer, type KeyedServer } from '../support/server/keyed-server';
import { startServer } from '../support/server/server';

const keys = {
  reader: { scopes: ['read'] },
  slow: { scopes: ['read'], ratePerSecond: 1 },
  public: { scopes: ['record'], isPublic: true, origins: ['https://shop.example'] },
} as const;
const forwarded = { 'x-forwarded-for': '192.0.2.1' };

let server: KeyedServer<keyof typeof keys>;
let metricsUrl: string;
beforeAll(async () => {
  const [port] = await freePorts(1);
  metricsUrl = `http://127.0.0.1:${port}`;
  server = await startKeyedServer(keys, { METRICS_PORT: `${port}` });
});
afterAll(() => server.stop());

describe('METRICS_PORT', () => {
  it('shows metrics and probes without a key, to proxies too', async () => {
    for (const headers of [{}, forwarded, { host: 'pod.example' }]) {
      const { status, text, headers: answered } = await sendHttp(`${metricsUrl}/metrics`, { headers });
      expect([status, answered['content-type']]).toEqual([200, expect.stringMatching(/^text\/plain/)]);
      expect(text).toContain('log_manager_http_requests_total');
      for (const path of ['/livez', '/readyz']) {
        expect((await sendHttp(metricsUrl + path, { headers })).status).toBe(200);
      }
    }
  });

  it.each(['/graphql', '/logs/', '/schema.graphql', '/graphql?query={__typename}'])(
    'has no %s',
    async (path) => {
      const { status, body } = await sendHttp(metricsUrl + path);
      expect([status, body.errors[0].message]).toEqual([404, expect.stringContaining('/metrics, /livez')]);
    },
  );

  it('in use is an error that names the setting, before the database is opened', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const start = startServer({ METRICS_PORT: `${port}` });
    await expect(start).rejects.toThrow(
      `METRICS_PORT: ${port} is in use on 127.0.0.1 (EADDRINUSE). ` +
        'Stop the process that listens there, or set METRICS_PORT to another port.',
    );
    other.close();
  });

  it('is closed when the server stops, also with an open connection', async () => {
    const [port] = await freePorts(1);
    const url = `http://127.0.0.1:${port}/metrics`;
    const stopping = await startServer({ METRICS_PORT: `${port}` });
    expect((await sendHttp(url, { agent: keepAlive })).status).toBe(200);
    await stopping.stop();
    await expect(sendHttp(url)).rejects.toThrow('ECONNREFUSED');
  });
});

describe('/metrics of PORT', () => {
  it.each(['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'x-forwarded-proto'])(
    'needs a key when a proxy forwards the request, which %s tells',
    async (name) => {
      expect((await server.send('/metrics', undefined)).status).toBe(200);
      expect((await server.send('/metrics', undefined, { headers: { [name]: '192.0.2.1' } })).status).toBe(
        401,
      );
    },
  );

  it('does not take a key in the body, which a public key may do elsewhere', async () => {
    const headers = { ...forwarded, origin: 'https://shop.example', 'content-type': 'text/plain' };
    const body = JSON.stringify({ key: server.texts.public });
    expect((await server.send('/metrics', undefined, { headers, body })).status).toBe(401);
  });
});

describe('/schema.graphql', () => {
  const sdl = readFileSync('schema.graphql', 'utf8');

  it('shows the schema to any key', async () => {
    const { status, headers, text } = await server.send('/schema.graphql', 'reader');
    expect([status, headers['content-type'], text]).toEqual([200, 'text/plain; charset=utf-8', sdl]);
    expect((await server.send('/schema.graphql', undefined)).status).toBe(401);
  });

  it('shows the schema to everybody in open mode, but not to pages of other sites', async () => {
    const open = await startServer();
    try {
      const url = `${open.url}/schema.graphql`;
      expect((await sendHttp(url)).text).toBe(sdl);
      expect((await sendHttp(url, { headers: { origin: 'https://evil.example' } })).status).toBe(403);
      expect((await sendHttp(url, { headers: { host: 'evil.example' } })).status).toBe(421);
    } finally {
      await open.stop();
    }
  });
});

describe('an answer with data, and an error,', () => {
  const query = (text: string) => `/graphql?query=${encodeURIComponent(text)}`;

  it.each([
    ['GraphQL by GET', query('{ logs { id } }'), 200],
    ['introspection', query('{ __schema { queryType { name } } }'), 200],
    ['a GraphQL error', query('{ nothing }'), 400],
    ['a missing scope', query('{ logs { id } }').replace('logs', 'recordSession'), 400],
    ['REST', '/logs/', 200],
    ['a page of REST', '/logs/?limit=1', 200],
    ['a REST error', '/logs/?limit=x', 400],
    ['the schema', '/schema.graphql', 200],
    ['metrics', '/metrics', 200],
    ['an unknown path', '/nothing', 404],
  ])('is not to be cached: %s', async (_name, path, status) => {
    const answer = await server.send(path, 'reader');
    expect([answer.status, answer.headers['cache-control']]).toEqual([status, 'no-store']);
  });

  it('is not to be cached when it is sent again and again, or refused', async () => {
    for (let time = 0; time < 3; time++) {
      const answer = await server.ask('reader', '{ logs { id } viewer { name } }');
      expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
    }
    const refused = await server.send('/logs/', undefined);
    expect([refused.status, refused.headers['cache-control']]).toEqual([401, 'no-store']);
  });
});

describe('refusals are counted by code:', () => {
  const countOf = async (code: string): Promise<number> => {
    const { text } = await server.send('/metrics', undefined);
    const [, count = '0'] =
      new RegExp(`^log_manager_rejections_total\\{code="${code}"\\} (\\d+)$`, 'm').exec(text) ?? [];
    return Number(count);
  };
  const record =
    'mutation { recordSession(input: {userId: "u", sessionId: "s", actions: []}) { recordedCount } }';

  it.each([
    ['UNAUTHENTICATED over GraphQL', () => server.ask(undefined, '{ viewer { name } }')],
    ['UNAUTHENTICATED over REST', () => server.send('/logs/', undefined)],
    ['FORBIDDEN over GraphQL', () => server.ask('reader', record)],
    ['FORBIDDEN over GraphQL by GET', () => server.send('/graphql?query={logs{id}}', 'public', shop)],
    ['FORBIDDEN over REST', () => server.send('/logs/', 'reader', { method: 'POST', body: '{}' })],
    ['FORBIDDEN for a page', () => server.send('/logs/', 'public')],
  ])('%s', async (name, send) => {
    const [code] = name.split(' ') as [string];
    // Three times, since documents that are sent again take another way.
    for (let time = 0; time < 3; time++) {
      const before = await countOf(code);
      const { body } = await send();
      expect(body.errors[0].extensions.code).toBe(code);
      expect(await countOf(code)).toBe(before + 1);
    }
  });

  it('MISDIRECTED_REQUEST and FORBIDDEN of an open server', async () => {
    const open = await startServer();
    try {
      await sendHttp(`${open.url}/logs/`, { headers: { host: 'evil.example' } });
      await sendHttp(`${open.url}/logs/`, { headers: { origin: 'https://evil.example' } });
      const { text } = await sendHttp(`${open.url}/metrics`);
      for (const code of ['MISDIRECTED_REQUEST', 'FORBIDDEN']) {
        expect(text).toContain(`log_manager_rejections_total{code="${code}"} 1\n`);
      }
    } finally {
      await open.stop();
    }
  });
});

const shop = { headers: { origin: 'https://shop.example' } };
