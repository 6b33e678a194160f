import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { request } from 'node:http';
import { errorCodes } from '../../src/logs/model/error-codes';
import { createDatabase, withoutDatabase, type TestDatabase } from '../support/database/database';
import { sendHttp } from '../support/server/http';
import { originalLog } from '../support/server/original-log';
import { startServerProcess, type ServerProcess } from '../support/processes/server-process';

const record = `mutation ($input: RecordSessionInput!) {
  recordSession(input: $input) { recordedCount entries { id } }
}`;

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
    expect(counts.length).toBe(Object.keys(errorCodes).length);
    expect(counts.filter((line) => !line.endsWith(' 0'))).toEqual([
      'log_manager_rejections_total{code="BAD_USER_INPUT"} 1',
    ]);
  });

  it('is alive but not ready while its database fails', async () => {
    await database.execute('DROP TABLE log_entry');
    expect((await sendHttp(`${server.url}/livez`)).status).toBe(200);
    const { status, text, body } = await sendHttp(`${server.url}/readyz`);
    expect(status).toBe(503);
    expect(body.errors[0].extensions).toEqual({
      code: 'SERVICE_UNAVAILABLE',
      retryable: true,
      reason: 'database_failed',
    });
    expect(text).not.toMatch(/sql|log_entry/i);
  });

  it.each(withoutDatabase(['SIGTERM', 'SIGINT'] as const))(
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
});
