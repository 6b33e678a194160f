import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandError, createCommand } from '../../src/cli/command';
import { addKeysCommand } from '../../src/cli/keys-command';
import { isKeyText } from '../../src/logs/access/api-key';
import { openTestStore } from '../support/database/store';
import { runCommand } from '../support/processes/command';

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
  const log = jest.spyOn(console, 'log').mockImplementation((text: string) => void (stdout += `${text}\n`));
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
    log.mockRestore();
  }
  return { stdout, error };
}

it('keys create, as a process, migrates a new database and prints the key alone', async () => {
  const args = ['keys', 'create', 'web-shop', '--scopes', 'record,read', '--expires', '90d'];
  const { exitCode, stdout, stderr } = await runCommand(args, { DATABASE_URL: url });
  expect([exitCode, stderr]).toEqual([0, '']);
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
  expect((await keys('list')).stdout).toMatch(/^There is no key\. Make one: log-manager keys create /);
  const { stdout: text } = await keys('create', 'web-shop', '--scopes', 'read', '--user', 'ann');
  const origins = ['--origins', 'https://shop.example.com,http://localhost:3000'];
  expect((await keys('create', 'page', '--public', ...origins)).error).toBe('');
  const { stdout: table } = await keys('list');
  expect(table.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['NAME', 'KEY', 'SCOPES', 'USER', 'STATE', 'EXPIRES', 'LAST USED'],
    ['page', expect.stringMatching(/^lm_.{6}…$/), 'record', 'any', 'public', 'never', 'never'],
    ['web-shop', `${text.slice(0, 9)}…`, 'read', 'ann', 'in force', 'never', 'never'],
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

describe('keys create is refused', () => {
  it.each([
    [[], "error: missing required argument 'name'"],
    [['a b', '--scopes', 'read'], 'A name is 1 to 64 letters, digits, dots, hyphens and underscores.'],
    [['a'], 'say what the key may do: --scopes, with record, read, erase, admin'],
    [['a', '--scopes', 'read, record'], 'Scopes are record, read, erase, admin, separated by commas.'],
    [['a', '--scopes', 'write'], "error: option '--scopes <list>' argument 'write' is invalid. Scopes are"],
    [['a', '--scopes', 'read', '--user', ''], 'It must be 1 to '],
    [['a', '--scopes', 'read', '--expires', '90'], 'It is a number of days or hours, such as 90d or 12h.'],
    [['a', '--scopes', 'read', '--rate', '0'], 'It is an integer from 1 to 999999.'],
    [['a', '--scopes', 'read', '--origins', 'shop.example.com'], 'Origins are scheme://host[:port], such as'],
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
