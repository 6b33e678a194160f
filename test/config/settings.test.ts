import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConfigError, readConfig as configure } from '../../src/config/config';
import { settings } from '../../src/config/settings';

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    configure(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('settings', () => {
  it('have defaults that serve on 127.0.0.1:4000 from a file under data/', () => {
    expect(configure({})).toEqual({
      host: '127.0.0.1',
      port: 4_000,
      metricsPort: undefined,
      database: {
        kind: 'sqlite',
        file: 'data/log-manager.sqlite',
        busyTimeoutMs: 5_000,
        queryTimeoutMs: 10_000,
        readQueueMs: 12_000,
      },
      maxLogsResult: 10_000,
      maxResponseBytes: 32_000_000,
      maxRequestBytes: 4_194_304,
      idempotencyKeyDays: 30,
      erasureNoticeDays: 30,
      retentionDays: undefined,
      logLevel: 'info',
      isAuthOff: false,
      adminKeys: [],
      allowedHosts: [],
      corsOrigins: '*',
      rate: undefined,
      trustedProxies: [],
      stopDelayMs: 0,
    });
  });

  it('take PostgreSQL with and without a read endpoint', () => {
    const url = 'postgres://user:secret@db:5432/logs?sslmode=verify-full';
    const defaults = { readMaxLagMs: 1_000, poolSize: 10, queryTimeoutMs: 10_000, readQueueMs: 12_000 };
    const postgres = { kind: 'postgres', url, ...defaults };
    expect(configure({ DATABASE_URL: url }).database).toEqual({ ...postgres, readUrl: undefined });
    const readUrl = 'postgresql:///logs?host=/run/postgresql';
    const env = { DATABASE_URL: url, DATABASE_READ_URL: readUrl, READ_MAX_LAG_MS: '200' };
    expect(configure(env).database).toEqual({ ...postgres, readUrl, readMaxLagMs: 200 });
  });

  it('have no read endpoint beside SQLite', () => {
    expect(problemsOf({ DATABASE_READ_URL: 'postgres://db/logs' })).toEqual([
      'DATABASE_READ_URL: requires a DATABASE_URL of PostgreSQL, not of SQLite',
    ]);
  });

  it('take an empty value for none', () => {
    expect(configure({ PORT: '', HOST: ' ' })).toEqual(configure({}));
  });

  it('are refused all at once, each by its name', () => {
    const problems = problemsOf({
      HOST: 'not a host',
      PORT: '65536',
      METRICS_PORT: '0',
      DATABASE_URL: 'mysql://localhost',
      DATABASE_READ_URL: 'postgres://localhost',
      READ_MAX_LAG_MS: '99',
      DATABASE_POOL_SIZE: '1001',
      DATABASE_BUSY_TIMEOUT_MS: '60001',
      QUERY_TIMEOUT_MS: '99',
      READ_QUEUE_MS: '99',
      MAX_LOGS_RESULT: '10001',
      MAX_RESPONSE_BYTES: '999999',
      MAX_REQUEST_BYTES: '4MB',
      LOG_LEVEL: 'loud',
      AUTH: 'off',
      ADMIN_KEY: 'short',
      ADMIN_KEY_FILE: '/nowhere',
      ALLOWED_HOSTS: 'https://a.example',
      CORS_ORIGINS: 'https://*.example.com',
      RATE_LIMIT_PER_SECOND: '0',
      RATE_LIMIT_BURST: '0',
      TRUSTED_PROXIES: '10.0.0.0/33',
      IDEMPOTENCY_KEY_DAYS: '3651',
      RETENTION_DAYS: 'never',
      ERASURE_NOTICE_DAYS: '-1',
      STOP_DELAY_MS: '1.5',
    });
    expect(problems.map((problem) => problem.split(':')[0]).sort()).toEqual(Object.keys(settings).sort());
  });

  it('never repeat an admin key', () => {
    const [problem, ...others] = problemsOf({ ADMIN_KEY: 'a secret that is too short' });
    expect([problem, others]).toEqual([expect.stringMatching(/^ADMIN_KEY: must be a secret of 32/), []]);
    expect(problem).not.toContain('too short');
  });

  it('never repeat the content of a file of admin keys, but its path', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'log-manager-admin-key-')), 'key');
    const problem = /^ADMIN_KEY_FILE: must be a readable file with a secret of 32 .*, not ".*\/key"$/;
    expect(problemsOf({ ADMIN_KEY_FILE: path })).toEqual([expect.stringMatching(problem)]);
    writeFileSync(path, 'a secret that is too short');
    const problems = problemsOf({ ADMIN_KEY_FILE: path });
    expect(problems).toEqual([expect.stringMatching(problem)]);
    expect(problems.join()).not.toContain('too short');
    writeFileSync(path, `${'a'.repeat(32)},${'b'.repeat(32)}\n`);
    expect(configure({ ADMIN_KEY_FILE: path }).adminKeys).toEqual(['a'.repeat(32), 'b'.repeat(32)]);
    writeFileSync(path, `${'a'.repeat(32)}\r\n${'b'.repeat(32)}\n`);
    expect(configure({ ADMIN_KEY_FILE: path }).adminKeys).toEqual(['a'.repeat(32), 'b'.repeat(32)]);
    expect(problemsOf({ ADMIN_KEY_FILE: path, ADMIN_KEY: 'c'.repeat(32) })).toEqual([
      'ADMIN_KEY and ADMIN_KEY_FILE are both set: remove one',
    ]);
    rmSync(dirname(path), { recursive: true });
  });

  it.each(['a1'.repeat(16), `/${'b2/'.repeat(14)}=`, 'c+/'.repeat(11)])(
    'never repeat ADMIN_KEY_FILE=%s, which is a secret by mistake',
    (secret) => {
      expect(problemsOf({ ADMIN_KEY_FILE: secret })).toEqual([
        expect.stringMatching(
          /^ADMIN_KEY_FILE: .* line break\. The setting takes a path; ADMIN_KEY takes a secret$/,
        ),
      ]);
    },
  );

  it('take two admin keys, while one replaces the other', () => {
    const secrets = ['a'.repeat(32), 'b'.repeat(40)];
    expect(configure({ ADMIN_KEY: secrets.join(', ') }).adminKeys).toEqual(secrets);
    expect(problemsOf({ ADMIN_KEY: [...secrets, 'c'.repeat(32)].join() })).toHaveLength(1);
  });

  it.each(['0', '-1', '1e3', '10.5', ' ten', '99999999999999999999'])('refuse MAX_LOGS_RESULT=%s', (text) => {
    expect(problemsOf({ MAX_LOGS_RESULT: text })).toEqual([
      `MAX_LOGS_RESULT: must be an integer from 1 to 10000, not ${JSON.stringify(text.trim())}`,
    ]);
  });

  it('never repeat a database URL, which may hold a password', () => {
    const url = 'postgres://user:secret@db';
    const problems = problemsOf({ DATABASE_URL: url, DATABASE_READ_URL: url });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(['DATABASE_URL', 'DATABASE_READ_URL']);
    expect(problems.join()).not.toContain('secret');
  });

  it.each([
    ['sqlite://dir/x', 'sqlite:dir/x for a file below the working directory, or sqlite:/dir/x'],
    ['sqlite:///dir/x', 'sqlite:dir/x for a file below the working directory, or sqlite:/dir/x'],
    ['sqlite::memory', 'sqlite::memory:,'],
    ['sqlite:memory:', 'sqlite::memory:,'],
    ['sqlite::Memory:', 'sqlite::memory:,'],
    ['sqlite::memory:?cache=shared', 'sqlite::memory:,'],
    ['sqlite:file:x.sqlite', 'write sqlite:x.sqlite'],
    ['sqlite:~/x', 'only a shell replaces ~. Write the whole path'],
    ['sqlite:$HOME/x', 'only a shell replaces $HOME. Write the whole path'],
    ['sqlite:x.sqlite?mode=ro', 'Write sqlite:x.sqlite'],
    ['sqlite:%APPDATA%/x', 'only a shell replaces %APPDATA%'],
    ['sqlite:data/', 'sqlite:data/log-manager.sqlite'],
    ['sqlite:/srv/..', 'sqlite:/log-manager.sqlite'],
    ['sqlite:.', 'sqlite:log-manager.sqlite'],
  ])('refuse %s, and name the right form', (url, form) => {
    const problems = problemsOf({ DATABASE_URL: url });
    expect(problems).toEqual([expect.stringMatching(/^DATABASE_URL: /)]);
    expect(problems[0]).toContain(form);
  });

  it.each(['x', './x', '../x', '/x', 'a:b', 'dir/~x', 'what?', '.x', ':memory:'])(
    'take sqlite:%s',
    (file) => {
      expect(configure({ DATABASE_URL: `sqlite:${file}` }).database).toMatchObject({ file });
    },
  );

  it('take a port for metrics that is not the other one', () => {
    expect(configure({ METRICS_PORT: '4001' }).metricsPort).toBe(4_001);
    expect(problemsOf({ METRICS_PORT: '4000' })).toEqual([
      expect.stringMatching(/^METRICS_PORT: must differ from PORT/),
    ]);
  });

  it('have no burst without a rate', () => {
    expect(problemsOf({ RATE_LIMIT_BURST: '10' })).toEqual([
      'RATE_LIMIT_BURST: has no effect without RATE_LIMIT_PER_SECOND: set both',
    ]);
    expect(configure({ RATE_LIMIT_BURST: '10', RATE_LIMIT_PER_SECOND: '5' }).rate).toEqual({
      perSecond: 5,
      burst: 10,
    });
  });

  it('take allowed hosts as a header Host has them', () => {
    const hosts =
      'Logs.example:4000, 192.0.2.7:80, 192.0.2.8, [2001:DB8:0::1]:4000, [2001:db8::2], 2001:db8:0:0::3';
    expect(configure({ ALLOWED_HOSTS: hosts }).allowedHosts).toEqual([
      'logs.example',
      '192.0.2.7',
      '192.0.2.8',
      '2001:db8::1',
      '2001:db8::2',
      '2001:db8::3',
    ]);
  });

  it.each(['a:b', 'a:', '[a]', '[::1', '[::1]x', 'fe80::1%eth0', 'a,', 'http://a'])(
    'refuse ALLOWED_HOSTS=%s',
    (hosts) => {
      expect(problemsOf({ ALLOWED_HOSTS: hosts })).toEqual([
        expect.stringMatching(/^ALLOWED_HOSTS: must be /),
      ]);
    },
  );

  it.each(['::ffff:10.0.0.0/120', '0:0:0:0:0:FFFF:a00:1', '10.0.0.0/', '10.0.0.0/8/8', '::/129'])(
    'refuse TRUSTED_PROXIES=%s',
    (network) => {
      expect(problemsOf({ TRUSTED_PROXIES: network })).toEqual([
        expect.stringMatching(/^TRUSTED_PROXIES: must be IP addresses or networks .* no ::ffff: before IPv4/),
      ]);
    },
  );

  it('take origins for CORS', () => {
    expect(configure({ CORS_ORIGINS: 'none' }).corsOrigins).toEqual([]);
    expect(configure({ CORS_ORIGINS: 'https://a.example, http://b.example:8080' }).corsOrigins).toEqual([
      'https://a.example',
      'http://b.example:8080',
    ]);
  });

  it('stand in docs/configuration.md, with default, bounds and meaning, and no others do', () => {
    const rows = readFileSync('docs/configuration.md', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));
    expect(rows.map(([, ...cells]) => cells.slice(0, 4))).toEqual(
      Object.entries(settings).map(([name, setting]) => [
        `\`${name}\``,
        setting.default ? `\`${setting.default}\`` : '',
        setting.bounds,
        setting.description,
      ]),
    );
  });
});
