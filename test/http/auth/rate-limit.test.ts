import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRateLimit } from '../../../src/http/auth/rate-limit';
import { sendHttp } from '../../support/server/http';
import { startServer, type TestServer } from '../../support/server/server';

describe('a token bucket', () => {
  let ms = 0;
  const take = createRateLimit(() => ms);
  const rate = { perSecond: 10, burst: 3 };
  const takeMany = (client: string, count: number) => Array.from({ length: count }, () => take(client, rate));

  it('gives a burst, then says how long the next token takes', () => {
    expect(takeMany('a', 5)).toEqual([0, 0, 0, 100, 100]);
    ms += 40;
    expect(take('a', rate)).toBe(60);
  });

  it('fills again at its rate, up to the burst', () => {
    ms += 60;
    expect(takeMany('a', 2)).toEqual([0, 100]);
    ms += 60_000;
    expect(takeMany('a', 4)).toEqual([0, 0, 0, 100]);
  });

  it('belongs to one client', () => {
    expect(takeMany('b', 4)).toEqual([0, 0, 0, 100]);
  });
});

describe('a server in open mode with a limit', () => {
  let server: TestServer;
  beforeAll(async () => {
    const trusted = { TRUSTED_PROXIES: '127.0.0.1, ::1' };
    server = await startServer({ RATE_LIMIT_PER_SECOND: '1', RATE_LIMIT_BURST: '2', ...trusted });
  });
  afterAll(() => server.stop());

  const send = (forwardedFor: string, path = '/graphql?query={__typename}') =>
    sendHttp(server.url + path, { headers: { 'x-forwarded-for': forwardedFor } });

  it('counts requests by the address that the proxy names, over GraphQL and REST', async () => {
    const spoofed = [1, 2, 3].map((at) => `10.0.0.${at}, 198.51.100.1`);
    expect((await send(spoofed[0]!)).status).toBe(200);
    expect((await send(spoofed[1]!, '/logs/')).status).toBe(200);
    const { status, headers, body } = await send(spoofed[2]!);
    expect([status, headers['retry-after'], body.errors[0].extensions]).toEqual([
      429,
      '1',
      { code: 'RATE_LIMITED', retryable: true, retryAfterMs: expect.any(Number) },
    ]);
    expect((await send('198.51.100.2')).status).toBe(200);
  });

  it('does not limit probes and metrics', async () => {
    for (let at = 0; at < 5; at++) {
      for (const path of ['/livez', '/readyz']) expect((await send('198.51.100.3', path)).status).toBe(200);
      expect((await sendHttp(`${server.url}/metrics`)).status).toBe(200);
    }
  });

  it('counts what it refuses', async () => {
    const { text } = await sendHttp(`${server.url}/metrics`);
    expect(text).toMatch(/^log_manager_rejections_total\{code="RATE_LIMITED"\} 1$/m);
  });
});
