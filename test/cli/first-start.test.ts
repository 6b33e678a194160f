import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, runCommand } from '../support/processes/command';
import { runToEnd, startServerProcess, type LogLine } from '../support/processes/server-process';
import { sendHttp } from '../support/server/http';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'log-manager-start-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

/** The only line of a start that fails. */
async function refusalOf(environment: Record<string, string>): Promise<string> {
  const { exitCode, output } = await runToEnd(environment);
  expect(exitCode).toBe(1);
  const lines = output.trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(output).not.toMatch(/"stack"|\.js:/);
  return (JSON.parse(lines[0]!) as LogLine).msg;
}

describe('a start that fails says the setting and the remedy in one line', () => {
  it('when the port is in use, before it creates a database', async () => {
    const server = await startServerProcess();
    try {
      const { port } = new URL(server.url);
      const file = join(directory, 'data', 'x.sqlite');
      const message = await refusalOf({ PORT: port, DATABASE_URL: `sqlite:${file}` });
      expect(message).toMatch(/^Log Manager cannot start\. PORT: \d+ is in use .* another port\.$/);
      expect(existsSync(join(directory, 'data'))).toBe(false);
    } finally {
      await server.end();
    }
  });

  it.each([
    ['no-such-host.invalid', /^Log Manager cannot start\. HOST: the name .* is unknown .*Set HOST/],
    ['192.0.2.1', /^Log Manager cannot start\. HOST: 192\.0\.2\.1 is not an address of this machine/],
  ])('when HOST is %s', async (host, message) => {
    expect(await refusalOf({ HOST: host })).toMatch(message);
  });
});

it('HOST=::1 is served, and the first line has its address', async () => {
  const server = await startServerProcess({ HOST: '::1' });
  const { output } = await server.end();
  expect(output).toMatch(/serves http:\/\/\[::1\]:\d+\/ /);
});

it('a -wal of another user is named in one line with the remedy', () => {
  const file = join(directory, 'x.sqlite');
  writeFileSync(file, '');
  writeFileSync(`${file}-wal`, '');
  chmodSync(`${file}-wal`, 0);
  const command = [process.execPath, join(root, 'dist/src/main.js')];
  // Permissions do not apply to root until it drops these capabilities (capabilities(7)).
  const withoutOverride = ['setpriv', '--bounding-set', '-dac_override,-dac_read_search'];
  const [program, ...args] = process.getuid!() === 0 ? [...withoutOverride, ...command] : command;
  const { status, stdout } = spawnSync(program!, args, {
    cwd: directory,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], DATABASE_URL: `sqlite:${file}`, PORT: '0' },
  });
  expect(status).toBe(1);
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength(1);
  expect((JSON.parse(lines[0]!) as LogLine).msg).toMatch(
    /DATABASE_URL: .* cannot be opened for writing \(EACCES.*-wal'\)\. Let .*chown/,
  );
});

describe('a database', () => {
  it('is created for its owner only, with its directories', async () => {
    const file = join(directory, 'new', 'data', 'x.sqlite');
    const server = await startServerProcess({ DATABASE_URL: `sqlite:${file}` });
    const modes = [join(directory, 'new'), join(directory, 'new', 'data'), file, `${file}-wal`];
    expect(modes.map(modeOf)).toEqual(['700', '700', '600', '600']);
    expect(server.output()).not.toContain('chmod');
    await server.end();
  });

  it('that exists keeps its mode, with one warning', async () => {
    const file = join(directory, 'x.sqlite');
    const url = `sqlite:${file}`;
    writeFileSync(file, '', { mode: 0o644 });
    const server = await startServerProcess({ DATABASE_URL: url });
    const { output } = await server.end();
    expect(output.match(/mode 0644/g)).toHaveLength(1);
    expect(modeOf(file)).toBe('644');
  });
});

describe('the first line', () => {
  it('names version, database, addresses and who may connect', async () => {
    const server = await startServerProcess();
    const [line] = await server.waitForLog(({ msg }) => msg.includes('serves'), 1);
    expect(line).toMatchObject({
      version: expect.stringMatching(/^\d/),
      database: 'sqlite::memory:',
      addresses: [new URL(server.url).host],
      access: 'programs on this machine, without a key',
    });
    await server.end();
  });

  it('names 0.0.0.0, not 127.0.0.1, and warns of a setting that is none', async () => {
    const settings = { HOST: '0.0.0.0', ADMIN_KEY: 'x'.repeat(32), RETENTION_DAY: '1' };
    const server = await startServerProcess(settings);
    const { output } = await server.end();
    expect(output).toMatch(/serves http:\/\/0\.0\.0\.0:\d+\/ /);
    expect(output).toContain('clients with a key');
    expect(output).not.toContain(settings.ADMIN_KEY);
    expect(output).toContain('RETENTION_DAY is not a setting and is ignored. Did you mean RETENTION_DAYS?');
  });
});

describe('a server that others reach, HOST=0.0.0.0', () => {
  it('refuses to start, names a command, and starts after that command', async () => {
    const settings = { HOST: '0.0.0.0', DATABASE_URL: `sqlite:${join(directory, 'x.sqlite')}` };
    const message = await refusalOf(settings);
    const [, command] = /`npm run -s log-manager -- (keys create [^`]+)`/.exec(message)!;
    const { stdout } = await runCommand(command!.split(' '), settings);
    const server = await startServerProcess(settings);
    try {
      const url = `http://127.0.0.1:${new URL(server.url).port}/logs/`;
      expect((await sendHttp(url)).status).toBe(401);
      const headers = { authorization: `Bearer ${stdout.trim()}` };
      expect((await sendHttp(url, { headers })).status).toBe(200);
    } finally {
      await server.end();
    }
  });

  it('starts open with AUTH=none, and warns each time', async () => {
    const server = await startServerProcess({ HOST: '0.0.0.0', AUTH: 'none' });
    const { output } = await server.end();
    expect(output.match(/AUTH=none: everybody/g)).toHaveLength(1);
    expect(output).toContain('every machine');
  });
});

describe('the entry point', () => {
  const entryPoints = [
    'dist/src/main.js',
    'scripts/start.cjs',
    ...['copy-to-postgres', 'setup', 'check', 'test-on-node'].map((name) => `scripts/${name}.mjs`),
  ];
  const run = (entryPoint: string, ...args: string[]) =>
    spawnSync(process.execPath, [join(root, entryPoint), ...args], {
      cwd: directory,
      encoding: 'utf8',
      timeout: 20_000,
    });

  it.each(entryPoints)('%s answers --help', (entryPoint) => {
    const { status, stdout, stderr } = run(entryPoint, '--help');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage: /);
  });

  it.each(entryPoints)('%s refuses unknown arguments and options', (entryPoint) => {
    for (const args of [['backup', 'x', 'y'], ['--prot=1']]) {
      const { status, stdout, stderr } = run(entryPoint, ...args);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/^error: /);
    }
  });

  it('scripts/log-manager.cjs takes relative paths from where it is called', async () => {
    mkdirSync(join(directory, 'data'));
    const database = { DATABASE_URL: `sqlite:${join(directory, 'data', 'x.sqlite')}` };
    await (await startServerProcess(database)).end();
    const { PATH = '' } = process.env;
    const { status } = spawnSync(
      process.execPath,
      [join(root, 'scripts/log-manager.cjs'), 'backup', 'copy.sqlite'],
      { cwd: directory, encoding: 'utf8', env: { PATH, DATABASE_URL: 'sqlite:data/x.sqlite' } },
    );
    expect(status).toBe(0);
    expect(modeOf(join(directory, 'copy.sqlite'))).toBe('600');
  });
});
