import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { request } from 'node:http';
import { settings } from '../../src/config/settings';
import { createDatabase, type TestDatabase } from '../support/database/database';
import { sendHttp } from '../support/server/http';
import { originalLog } from '../support/server/original-log';
import {
  runToEnd,
  startServerProcess,
  type LogLine,
  type ServerProcess,
} from '../support/processes/server-process';

const record = `mutation ($input: RecordSessionInput!) {
  recordSession(input: $input) { recordedCount entries { id } }
}`;

describe('a process with wrong settings', () => {
  it('names all of them at once and ends with exit code 2', async () => {
    const { exitCode, output } = await runToEnd({
      HOST: 'not a host',
      PORT: '4e3',
      DATABASE_URL: 'mysql://h/db',
      DATABASE_READ_URL: 'sqlite:replica.sqlite',
      READ_MAX_LAG_MS: '1',
      DATABASE_POOL_SIZE: '0',
      DATABASE_BUSY_TIMEOUT_MS: '99',
      QUERY_TIMEOUT_MS: '1',
      MAX_LOGS_RESULT: '0',
      MAX_REQUEST_BYTES: '1',
      IDEMPOTENCY_KEY_DAYS: '0',
      RETENTION_DAYS: '0',
      LOG_LEVEL: 'loud',
      CORS_ORIGINS: 'ftp://example.com',
      STOP_DELAY_MS: '-1',
    });
    expect(exitCode).toBe(2);
    for (const { name } of settings) expect(output).toContain(`  ${name}: `);
    expect(output).not.toMatch(/^\s+at /m);
  });

  it('does not print the password in a DATABASE_URL', async () => {
    const { exitCode, output } = await runToEnd({
      DATABASE_URL: 'postgres://user:secret@h',
      DATABASE_READ_URL: 'postgres://user:secret@h/',
    });
    expect(exitCode).toBe(2);
    expect(output).toContain('DATABASE_URL: must be sqlite:<file>');
    expect(output).toContain('DATABASE_READ_URL: must be postgres://user:password@host:5432/');
    expect(output).not.toContain('secret');
  });
});

describe('a process that cannot start', () => {
  it('ends with exit code 1 when its port is taken', async () => {
    const server = await startServerProcess();
    try {
      const { exitCode, output } = await runToEnd({ PORT: new URL(server.url).port });
      expect(exitCode).toBe(1);
      expect(output).toContain('EADDRINUSE');
    } finally {
      await server.end();
    }
  });

  it('says in one line what is wrong with its database, and ends with exit code 1', async () => {
    const { exitCode, output } = await runToEnd({ DATABASE_URL: 'sqlite:/dev/null/x.sqlite' });
    expect(exitCode).toBe(1);
    expect(output.trim().split('\n')).toHaveLength(1);
    const { level, msg } = JSON.parse(output) as LogLine;
    expect(level).toBe(60);
    expect(msg).toMatch(
      /^Log Manager cannot start. DATABASE_URL: \/dev\/null\/x.sqlite has no directory.* Make the directory/,
    );
    expect(output).not.toMatch(/stack|\.js/);
  });
});

it('a process that waits for its database ends on SIGTERM at once, with exit code 0', async () => {
  const { exitCode, ms, output } = await runToEnd(
    { DATABASE_URL: 'postgres://user:secret@127.0.0.1:1/logs' },
    'waiting for the database',
  );
  expect(exitCode).toBe(0);
  expect(ms).toBeLessThan(10_000);
  expect(output).toContain('"stopped"');
  expect(output).not.toContain('secret');
});

describe('a process', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  const start = async (): Promise<void> => {
    server = await startServerProcess({ DATABASE_URL: database.url });
  };
  beforeEach(async () => {
    database = await createDatabase();
    await start();
  });
  afterEach(async () => {
    await server.end('SIGKILL');
    await database.remove();
  });

  it('says that it lives and is ready, and what it has done', async () => {
    const live = await sendHttp(`${server.url}/livez`);
    expect([live.status, live.body]).toEqual([200, { status: 'ok' }]);
    const ready = await sendHttp(`${server.url}/readyz`);
    expect([ready.status, ready.body]).toEqual([200, { status: 'ok' }]);
    await server.graphql(record, { input: originalLog });
    await sendHttp(`${server.url}/logs?user=`);
    const metrics = await sendHttp(`${server.url}/metrics`);
    expect(metrics.headers['content-type']).toMatch(/^text\/plain/);
    const lines = metrics.text.split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'log_manager_entries_recorded_total 3',
        'log_manager_rejections_total{code="BAD_USER_INPUT"} 1',
        'log_manager_http_requests_total{method="POST",route="/graphql",status="200"} 1',
        'log_manager_http_requests_total{method="GET",route="/logs",status="400"} 1',
        'log_manager_http_request_duration_seconds_count{method="POST",route="/graphql"} 1',
        'log_manager_commit_duration_seconds_count 1',
      ]),
    );
    expect(metrics.text).not.toMatch(/ABC123XYZ|CLICK|locationX/);
  });

  it('counts one rejection for each error that it answers', async () => {
    // Three things are missing here: graphql-js reports each, the answer is one error.
    const { body } = await server.graphql(record, { input: {} });
    expect(body.errors).toHaveLength(1);
    const { text } = await sendHttp(`${server.url}/metrics`);
    const counts = text.split('\n').filter((line) => line.startsWith('log_manager_rejections'));
    expect(counts).toEqual(['log_manager_rejections_total{code="BAD_USER_INPUT"} 1']);
  });

  it('is alive but not ready while its database fails', async () => {
    await database.execute('DROP TABLE log_entry');
    expect((await sendHttp(`${server.url}/livez`)).status).toBe(200);
    const { status, text, body } = await sendHttp(`${server.url}/readyz`);
    expect(status).toBe(503);
    expect(body.errors[0].extensions).toEqual({ code: 'SERVICE_UNAVAILABLE', retryable: true });
    expect(text).not.toMatch(/sql|log_entry/i);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends on %s under load within 10 s, with exit code 0 and every acknowledged action on disk once',
    async (signal) => {
      const acknowledged: string[] = [];
      const refused: unknown[] = [];
      let isSignalled = false;
      let lastCalls = 0;
      const work = async (client: number): Promise<void> => {
        for (let at = 0; ; at++) {
          const type = `${client}-${at}`;
          const time = '2020-01-01T00:00:00Z';
          const input = { userId: `user-${client}`, sessionId: 's', actions: [{ time, type }] };
          const answer = await server.graphql(record, { input }).catch((error: unknown) => {
            // Once it stops, it takes no more connections.
            if (!isSignalled) refused.push(error);
          });
          if (!answer) break;
          if (answer.body.data?.recordSession?.recordedCount === 1) acknowledged.push(type);
          else refused.push(answer);
          if (isSignalled) lastCalls++;
        }
      };
      const load = Array.from({ length: 16 }, (_, client) => work(client));
      while (acknowledged.length < 500) await new Promise((resolve) => setTimeout(resolve, 10));
      isSignalled = true;
      const { exitCode, ms, output } = await server.end(signal);
      await Promise.all(load);
      expect(exitCode).toBe(0);
      expect(ms).toBeLessThan(10_000);
      expect(output).toContain('"stopped"');
      expect(refused).toEqual([]);
      expect(lastCalls).toBeGreaterThan(0);

      await start();
      const stored: string[] = [];
      for (let client = 0; client < 16; client++) {
        const { body } = await server.graphql(`{ logs(user: "user-${client}") { type } }`);
        stored.push(...(body.data.logs as { type: string }[]).map(({ type }) => type));
      }
      expect(new Set(stored).size).toBe(stored.length);
      expect(acknowledged.filter((type) => !stored.includes(type))).toEqual([]);
    },
  );

  it('still answers a request that had begun when it was told to stop', async () => {
    const body = JSON.stringify(originalLog);
    const outgoing = request(`${server.url}/logs/`, {
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/json', 'content-length': body.length },
    });
    const answered = new Promise<number | undefined>((resolve, reject) => {
      outgoing.on('error', reject).on('response', (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      });
    });
    outgoing.write(body.slice(0, 100));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const ended = server.end('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 300));
    outgoing.end(body.slice(100));
    expect(await answered).toBe(201);
    expect(await ended).toMatchObject({ exitCode: 0 });
    await start();
    expect((await sendHttp(`${server.url}/logs/`)).body).toHaveLength(3);
  });

  it('ends within 10 s although somebody never finishes a request', async () => {
    const headers = { 'content-type': 'application/json', 'content-length': 1_000 };
    const outgoing = request(`${server.url}/logs/`, { method: 'POST', agent: false, headers });
    const cut = new Promise((resolve) => outgoing.on('error', resolve));
    outgoing.write('{');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { exitCode, ms } = await server.end('SIGTERM');
    expect(exitCode).toBe(0);
    expect(ms).toBeLessThan(10_000);
    await cut;
  });
});
