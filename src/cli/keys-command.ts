import { fstatSync, statSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { createKeyText, digestKey, visiblePart } from '../logs/access/api-key';
import type { ApiKey } from '../logs/access/key-store';
import { scopeNames, type Scope } from '../logs/access/principal';
import { limits } from '../logs/model/limits';
import { checkText } from '../logs/validation/text';
import { describeDatabase } from '../config/config';
import { splitList } from '../config/addresses';
import { isOrigin } from '../config/settings';
import { CommandError } from './command';
import { readExistingDatabase, readKeptDatabase, withRepository } from './open-database';

interface CreateOptions {
  readonly scopes?: readonly Scope[];
  readonly user?: string;
  readonly origins?: readonly string[];
  readonly public?: true;
  readonly rate?: number;
  readonly expires?: number;
}

const msPerUnit = { h: 3_600_000, d: 86_400_000 };

/** Adds `log-manager keys create`, `list` and `revoke`, also beside a server that uses the database. */
export function addKeysCommand(program: Command): void {
  const keys = program
    .command('keys')
    .summary('make, list and revoke the keys of clients')
    .description(
      'The keys of clients, in the database of DATABASE_URL. Servers notice changes within 5 seconds.',
    )
    .helpCommand(false);

  keys
    .command('create')
    .summary('make a key, and print it once')
    .description(
      'Prints a new key on standard output. It is stored as a digest only: keep it. With the first key, the ' +
        'server stops being open: every request then needs a key.',
    )
    .argument('<name>', 'what uses the key, such as web-shop', toName)
    .option('--scopes <list>', `what the key may do: ${scopeNames.join(', ')}; separated by commas`, toScopes)
    .option('--user <id>', 'the only user whose data the key may record, read and erase', toUserId)
    .option('--origins <list>', 'the web origins that may use the key, separated by commas', toOrigins)
    .option('--public', 'the key may stand in a web page: it only records, from --origins')
    .option('--rate <number>', 'requests a second', toRate)
    .addOption(
      new Option('--expires <time>', 'how long the key is in force, such as 90d or 12h').argParser(toMs),
    )
    .addHelpText('after', '\nExample: log-manager keys create web-shop --scopes record,read --expires 90d')
    .action(async (name: string, options: CreateOptions) => {
      const text = createKeyText();
      const key = toApiKey(name, text, options);
      const database = readKeptDatabase();
      // Before the key is made: its name stays taken.
      if (isOutputLost())
        throw new CommandError('standard output is closed or /dev/null: the key would be lost');
      const isMade = await withRepository(database, ({ keys: store }) => store.insert(key));
      if (!isMade)
        throw new CommandError(`there is a key ${name}, perhaps a revoked one: choose another name`);
      await printKey(name, text);
      console.error(`Made ${name} in ${describeDatabase(database)}.`);
    });

  keys
    .command('list')
    .summary('show the keys, without their secrets')
    .description('Shows the keys, also those that ended. Keys themselves are not stored, and so not shown.')
    .option('--json', 'print a JSON list')
    .action(async ({ json }: { json?: true }) => {
      const list = (await withRepository(readExistingDatabase(), ({ keys: store }) => store.list())).map(
        (key) => ({
          ...key,
          digest: undefined,
        }),
      );
      console.log(json ? JSON.stringify(list, undefined, 2) : toTable(list));
    });

  keys
    .command('revoke')
    .summary('end a key, within 5 seconds on every server')
    .description(
      'Ends a key. Its name stays taken, and a server that ever had a key never becomes open again.',
    )
    .argument('<name>')
    .action(async (name: string) => {
      const isRevoked = await withRepository(readExistingDatabase(), ({ keys: store }) =>
        store.revoke(name, new Date().toISOString()),
      );
      if (!isRevoked) throw new CommandError(`there is no key ${name} in force: see log-manager keys list`);
      console.log(`Revoked ${name}. Servers refuse it within 5 seconds.`);
    });
}

/** Whether nothing reads standard output. Node.js opens /dev/null where it is closed. */
function isOutputLost(): boolean {
  return fstatSync(1).rdev === statSync('/dev/null', { throwIfNoEntry: false })?.rdev;
}

async function printKey(name: string, text: string): Promise<void> {
  const error = await new Promise<Error | null | undefined>((settle) => {
    process.stdout.once('error', settle);
    process.stdout.write(`${text}\n`, settle);
  });
  if (!error) return;
  const problem = `the key was made, but standard output failed: ${error.message}`;
  throw new CommandError(`${problem}. Revoke it: log-manager keys revoke ${name}`);
}

function toApiKey(name: string, text: string, options: CreateOptions): ApiKey {
  const { public: isPublic = false, user = null, origins = null, rate = null, expires } = options;
  const scopes = options.scopes ?? (isPublic ? ['record' as const] : undefined);
  if (scopes === undefined) {
    throw new CommandError(`say what the key may do: --scopes, with ${scopeNames.join(', ')}`, 2);
  }
  if (isPublic && scopes.join() !== 'record') {
    throw new CommandError('a public key can be read by everybody: it may only have --scopes record', 2);
  }
  if (isPublic && origins === null) {
    throw new CommandError('a public key needs the web origins that may use it: --origins https://…', 2);
  }
  const now = Date.now();
  return {
    name,
    digest: digestKey(text),
    prefix: visiblePart(text),
    scopes,
    userId: user,
    origins,
    isPublic,
    ratePerSecond: rate,
    createdAt: new Date(now).toISOString(),
    expiresAt: expires === undefined ? null : new Date(now + expires).toISOString(),
    revokedAt: null,
    lastUsedAt: null,
  };
}

function toName(text: string): string {
  if (text.toUpperCase() === 'ADMIN_KEY')
    throw new InvalidArgumentError('ADMIN_KEY is the name of the key in the environment.');
  if (/^[\w.][\w.-]{0,63}$/.test(text)) return text;
  throw new InvalidArgumentError(
    'A name is 1 to 64 letters, digits, dots, hyphens and underscores, and begins with no hyphen.',
  );
}

/** @param previous of an option that is given several times */
function toScopes(text: string, previous: readonly Scope[] = []): readonly Scope[] {
  const scopes = [...previous, ...splitList(text)];
  const isScope = (name: string): name is Scope => scopeNames.some((scope) => scope === name);
  if (scopes.every(isScope)) return scopeNames.filter((scope) => scopes.includes(scope));
  throw new InvalidArgumentError(`Scopes are ${scopeNames.join(', ')}, separated by commas.`);
}

function toUserId(text: string): string {
  const problem = checkText(text, limits.maxIdLength);
  if (problem === undefined) return text;
  throw new InvalidArgumentError(`It ${problem}.`);
}

/** @param previous of an option that is given several times */
function toOrigins(text: string, previous: readonly string[] = []): readonly string[] {
  const origins = splitList(text);
  const wrong = origins.find((origin) => !isOrigin(origin));
  if (wrong === undefined) return [...new Set([...previous, ...origins])];
  const { origin = '' } = URL.canParse(wrong) ? new URL(wrong) : {};
  const hint = isOrigin(origin) ? ` Write ${origin}` : ' An example: https://app.example.com';
  throw new InvalidArgumentError(
    `Origins are scheme://host[:port] in lower case, without a slash at the end.${hint}`,
  );
}

function toRate(text: string): number {
  const rate = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (rate >= 1) return rate;
  throw new InvalidArgumentError('It is an integer from 1 to 999999.');
}

function toMs(text: string): number {
  const [, count, unit] = /^(\d{1,4})([hd])$/.exec(text) ?? [];
  if (Number(count) >= 1) return Number(count) * msPerUnit[unit as keyof typeof msPerUnit];
  throw new InvalidArgumentError('It is a number of days or hours, such as 90d or 12h.');
}

function toTable(keys: readonly Omit<ApiKey, 'digest'>[]): string {
  if (keys.length === 0)
    return 'There is no key. Make one: log-manager keys create NAME --scopes record,read';
  const now = new Date().toISOString();
  const hasOrigins = keys.some(({ origins }) => origins !== null);
  const rows = keys.map((key) => {
    const { name, prefix, scopes, userId, origins, expiresAt, revokedAt, lastUsedAt, isPublic } = key;
    const isExpired = expiresAt !== null && expiresAt <= now;
    const state = revokedAt ? 'revoked' : isExpired ? 'expired' : isPublic ? 'public' : 'in force';
    const day = (time: string | null): string => time?.slice(0, 16).replace('T', ' ') ?? 'never';
    const row = [name, `${prefix}…`, scopes.join(','), userId ?? 'any', state];
    row.push(day(expiresAt), day(lastUsedAt));
    return hasOrigins ? [...row, origins?.join(',') ?? 'any'] : row;
  });
  const head = ['NAME', 'KEY', 'SCOPES', 'USER', 'STATE', 'EXPIRES', 'LAST USED'];
  // Last: the other columns stay within 100 characters.
  if (hasOrigins) head.push('ORIGINS');
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join('  ')
      .trimEnd();
  return [head, ...rows].map(line).join('\n');
}
