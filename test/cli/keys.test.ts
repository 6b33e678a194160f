import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandError, createCommand } from '../../src/cli/command';
import { addKeysCommand } from '../../src/cli/keys-command';
import { isKeyText } from '../../src/logs/access/api-key';
import { openTestStore } from '../support/database/store';
import { main, runCommand } from '../support/processes/command';

let directory: string;
let url: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'log-manager-keys-'));
  url = `sqlite:${join(directory, 'new', 'x.sqlite')}`;
  process.env['DATABASE_URL'] = url;
});
afterEach(() => {
  delete process.env['DATABASE_URL'];
  rmSync(directory, { recursive: true });
});

/** Runs `log-manager keys` in this process. */
async function keys(...args: string[]): Promise<{ readonly stdout: string; readonly error: string }> {
  let stdout = '';
  let error = '';
  jest.spyOn(console, 'log').mockImplementation((text: string) => void (stdout += `${text}\n`));
  jest.spyOn(console, 'error').mockImplementation(() => {});
  jest.spyOn(process.stdout, 'write').mockImplementation((text, settle) => {
    stdout += String(text);
    (settle as unknown as () => void)();
    return true;
  });
  const program = createCommand('log-manager', '1')
    .exitOverride()
    .configureOutput({ writeOut: (text) => (stdout += text), writeErr: (text) => (error += text) });
  addKeysCommand(program);
  try {
    await program.parseAsync(['keys', ...args], { from: 'user' });
  } catch (thrown) {
    if (thrown instanceof CommandError) error += thrown.message;
    else if (!/^\(outputHelp\)$/.test((thrown as Error).message)) error ||= (thrown as Error).message;
  } finally {
    jest.restoreAllMocks();
  }
  return { stdout, error };
}

it('keys create, as a process, migrates a new database and prints the key alone', async () => {
  const args = ['keys', 'create', 'web-shop', '--scopes', 'record,read', '--expires', '90d'];
  const { exitCode, stdout, stderr } = await runCommand(args, { DATABASE_URL: url });
  expect([exitCode, stderr]).toEqual([0, `Made web-shop in ${url}.\n`]);
  expect(stdout).toMatch(/^lm_[\w-]{48}\n$/);
  expect(isKeyText(stdout.trim())).toBe(true);
  const store = await openTestStore(url);
  const [key, ...others] = await store.keys.list();
  await store.close();
  expect([key, others]).toMatchObject([{ name: 'web-shop', scopes: ['record', 'read'] }, []]);
  // The files are as good as a backup: what they hold must not be enough to use the key.
  const files = readdirSync(join(directory, 'new')).map((name) => readFileSync(join(directory, 'new', name)));
  expect(Buffer.concat(files).includes('web-shop')).toBe(true);
  expect(Buffer.concat(files).includes(stdout.trim().slice(9))).toBe(false);
  const days = (Date.parse(key!.expiresAt!) - Date.parse(key!.createdAt)) / 86_400_000;
  expect(days).toBe(90);
});

it('keys are listed, revoked, and their names stay taken', async () => {
  await (await openTestStore(url)).close();
  expect((await keys('list')).stdout).toMatch(/^There is no key\. Make one: log-manager keys create /);
  const { stdout: text } = await keys('create', 'web-shop', '--scopes', 'read', '--user', 'ann');
  expect((await keys('list')).stdout).not.toContain('ORIGINS');
  const origins = ['--origins', 'https://shop.example.com,http://localhost:3000'];
  expect((await keys('create', 'page', '--public', ...origins)).error).toBe('');
  const { stdout: table } = await keys('list');
  expect(table.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['NAME', 'KEY', 'SCOPES', 'USER', 'STATE', 'EXPIRES', 'LAST USED', 'ORIGINS'],
    ['page', expect.stringMatching(/^lm_.{6}…$/), 'record', 'any', 'public', 'never', 'never', origins[1]],
    ['web-shop', `${text.slice(0, 9)}…`, 'read', 'ann', 'in force', 'never', 'never', 'any'],
    [''],
  ]);
  expect((await keys('revoke', 'web-shop')).stdout).toBe(
    'Revoked web-shop. Servers refuse it within 5 seconds.\n',
  );
  expect((await keys('revoke', 'web-shop')).error).toBe(
    'there is no key web-shop in force: see log-manager keys list',
  );
  expect((await keys('create', 'web-shop', '--scopes', 'read')).error).toBe(
    'there is a key web-shop, perhaps a revoked one: choose another name',
  );
  const list = JSON.parse((await keys('list', '--json')).stdout) as object[];
  expect(list).toMatchObject([
    { name: 'page', origins: origins[1]!.split(','), isPublic: true, revokedAt: null },
    { name: 'web-shop', userId: 'ann', revokedAt: expect.stringMatching(/Z$/) },
  ]);
});

it('keys create takes lists with spaces, and options that are given several times', async () => {
  const origins = ['--origins', 'https://a.example', '--origins', 'https://b.example, https://a.example'];
  await keys('create', 'a', '--scopes', 'record, read', '--scopes', 'erase', ...origins);
  expect(JSON.parse((await keys('list', '--json')).stdout)).toMatchObject([
    { scopes: ['record', 'read', 'erase'], origins: ['https://a.example', 'https://b.example'] },
  ]);
});

it.each([['list'], ['revoke', 'a']])('keys %s creates no database', async (...args) => {
  const { stdout, error } = await keys(...args);
  expect(stdout).toBe('');
  expect(error).toBe(`there is no database at ${url.slice(7)}: set DATABASE_URL as for the server`);
  expect(existsSync(join(directory, 'new'))).toBe(false);
});

it.each([
  ['>&-', 'the key would be lost', false],
  ['>/dev/full', 'Revoke it: log-manager keys revoke a', true],
])('keys create fails with standard output %s', (redirection, message, isMade) => {
  const env = { ...process.env, DATABASE_URL: url };
  const command = `exec "$0" "$1" keys create a --scopes read ${redirection}`;
  const { status, stderr } = spawnSync('sh', ['-c', command, process.execPath, main], {
    env,
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
  expect(existsSync(join(directory, 'new'))).toBe(isMade);
});

describe('keys create is refused', () => {
  it.each([
    [[], "error: missing required argument 'name'"],
    [['a b', '--scopes', 'read'], 'A name is 1 to 64 letters, digits, dots, hyphens and underscores, and'],
    [['a'], 'say what the key may do: --scopes, with record, read, erase, admin'],
    [['-a', '--scopes', 'read'], "error: unknown option '-a'"],
    [['--scopes', 'read', '--', '-a'], 'hyphens and underscores, and begins with no hyphen.'],
    [['Admin_Key', '--scopes', 'read'], 'ADMIN_KEY is the name of the key in the environment.'],
    [['a', '--scopes', 'read,'], 'Scopes are record, read, erase, admin, separated by commas.'],
    [
      ['a', '--scopes', 'read', '--origins', 'https://a.example, https://B.example/'],
      ' Write https://b.example',
    ],
    [['a', '--scopes', 'read', '--origins', 'https://*.example.com'], ' An example: https://app.example.com'],
    [['a', '--scopes', 'write'], "error: option '--scopes <list>' argument 'write' is invalid. Scopes are"],
    [['a', '--scopes', 'read', '--user', ''], 'It must be 1 to '],
    [['a', '--scopes', 'read', '--expires', '90'], 'It is a number of days or hours, such as 90d or 12h.'],
    [['a', '--scopes', 'read', '--rate', '0'], 'It is an integer from 1 to 999999.'],
    [
      ['a', '--scopes', 'read', '--origins', 'shop.example.com'],
      'Origins are scheme://host[:port] in lower case',
    ],
    [['a', '--public'], 'a public key needs the web origins that may use it: --origins https://…'],
    [['a', '--public', '--scopes', 'read'], 'a public key can be read by everybody: it may only have'],
    [['a', '--scope', 'read'], "error: unknown option '--scope'"],
  ])('with %j', async (args, message) => {
    const { stdout, error } = await keys('create', ...args);
    expect(stdout).toBe('');
    expect(error).toContain(message);
  });

  it('where no database is kept', async () => {
    process.env['DATABASE_URL'] = 'sqlite::memory:';
    expect((await keys('create', 'a', '--scopes', 'read')).error).toBe(
      'DATABASE_URL is sqlite::memory:, which exists only inside the server: use ADMIN_KEY',
    );
  });
});

it.each(['', 'create', 'list', 'revoke'])('keys %s --help fits a terminal', async (name) => {
  const { stdout, error } = await keys(...name.split(' ').filter(Boolean), '--help');
  expect(error).toBe('');
  expect(stdout).toMatch(/^Usage: log-manager keys /);
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
});
