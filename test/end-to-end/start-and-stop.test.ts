import { describe, expect, it } from '@jest/globals';
import { request } from 'node:http';
import { settings } from '../../src/config/settings';
import { runToEnd, startServerProcess, type LogLine } from '../support/processes/server-process';
import { itLong } from '../support/scale';

describe('a process with wrong settings', () => {
  it('names all of them at once and ends with exit code 2', async () => {
    const { exitCode, output } = await runToEnd({
      ...Object.fromEntries(Object.keys(settings).map((name) => [name, '-'])),
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
    for (const name of Object.keys(settings)) expect(output).toContain(`  ${name}: `);
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
  it('says in one line what is wrong with its database, and ends with exit code 1', async () => {
    const { exitCode, output } = await runToEnd({ DATABASE_URL: 'sqlite:/dev/null/x.sqlite' });
    expect(exitCode).toBe(1);
    expect(output.trim().split('\n')).toHaveLength(1);
    const { level, msg } = JSON.parse(output) as LogLine;
    expect(level).toBe('fatal');
    expect(msg).toMatch(
      /^Log Manager cannot start. DATABASE_URL: \/dev\/null\/x.sqlite has no directory.* Create the directory/,
    );
    expect(output).not.toMatch(/stack|\.js/);
  });

  it('says it in readable text if standard output is a terminal', async () => {
    const { output } = await runToEnd({
      DATABASE_URL: 'sqlite:/dev/null/x.sqlite',
      NODE_OPTIONS: '--import data:text/javascript,process.stdout.isTTY=true',
    });
    expect(output).toContain('Log Manager cannot start. DATABASE_URL');
    expect(output).not.toContain('{');
  });
});

/** Runs this code at the start of a process. */
const preload = (code: string) => `--import data:text/javascript,${encodeURIComponent(code)}`;

it('a process that stops is not ready, serves for STOP_DELAY_MS, and ignores further signals', async () => {
  // The delay ends on SIGUSR2.
  const code = `process.once('SIGTERM', () => {
    const { setTimeout } = globalThis;
    globalThis.setTimeout = (work, ms, ...args) =>
      ms === 60000 ? process.once('SIGUSR2', work) : setTimeout(work, ms, ...args);
  })`;
  const server = await startServerProcess({ STOP_DELAY_MS: '60000', NODE_OPTIONS: preload(code) });
  const ended = server.end('SIGTERM');
  await server.waitForLog(({ msg }) => msg === 'stopping', 1);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.kill(server.pid, signal);
  const record = JSON.stringify({
    userId: 'u',
    sessionId: 's',
    actions: [{ time: '2026-01-01T00:00:00Z', type: 'T' }],
  });
  const answers: unknown[] = [];
  for (const [path, body] of [
    ['/readyz'],
    ['/livez'],
    ['/metrics'],
    ['/nothing'],
    ['/logs/'],
    ['/logs/', record],
    ['/graphql', '{"query":"{ logs { type } }"}'],
    ['/graphql', '{"query":"{ __typename }"}'],
  ]) {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(
      server.url + path!,
      body === undefined ? {} : { method: 'POST', headers, body },
    );
    answers.push([path, response.status, response.headers.get('connection')]);
    const text = await response.text();
    if (path === '/readyz') expect(text).toContain('"reason":"stopping"');
  }
  expect(answers).toEqual(
    [
      ['/readyz', 503],
      ['/livez', 200],
      ['/metrics', 200],
      ['/nothing', 404],
      ['/logs/', 200],
      ['/logs/', 201],
      ['/graphql', 200],
      ['/graphql', 200],
    ].map((answer) => [...answer, 'close']),
  );
  process.kill(server.pid, 'SIGUSR2');
  expect((await ended).exitCode).toBe(0);
  const lines = server.log();
  expect(lines.map(({ msg }) => msg).slice(1)).toEqual(['stopping', 'stopped']);
  for (const { level, time } of lines) {
    expect([level, time]).toEqual(['info', expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/)]);
  }
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

it('a process that cannot close its database exits with 1, and says so', async () => {
  const code = `import { createRequire } from 'node:module';
    const { Database } = createRequire(process.cwd() + '/')('sqlite3');
    Database.prototype.close = (done) => done(new Error('stuck'));`;
  const server = await startServerProcess({ NODE_OPTIONS: preload(code) });
  const { exitCode } = await server.end('SIGTERM');
  expect(exitCode).toBe(1);
  expect(server.log().at(-1)).toMatchObject({
    level: 'fatal',
    msg: 'stop failed',
    err: { message: 'stuck' },
  });
});

it('a process whose requests do not end exits with 0 after 9 s, and says so', async () => {
  // A hundredth of each timer, and a server that never closes.
  const code = `import { Server } from 'node:net';
    process.once('SIGTERM', () => {
      const { setTimeout } = globalThis;
      globalThis.setTimeout = (work, ms, ...args) => {
        console.log('timer', ms);
        return setTimeout(work, ms / 100, ...args);
      };
      Server.prototype.close = function () { return this; };
    });`;
  const server = await startServerProcess({ NODE_OPTIONS: preload(code), STOP_DELAY_MS: '1000' });
  const { exitCode, output } = await server.end('SIGTERM');
  expect(exitCode).toBe(0);
  expect(server.log().at(-1)).toMatchObject({ level: 'warn', msg: 'stop timeout: open requests dropped' });
  expect(output).toContain('timer 10000\n');
});

itLong('a process ends within 10 s although a client never finishes its request', async () => {
  const server = await startServerProcess();
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
