import { type Command, InvalidArgumentError, Option } from 'commander';
import { createKeyText, digestKey, visiblePart } from '../logs/access/api-key';
import type { ApiKey, KeyStore } from '../logs/access/key-store';
import { scopeNames, type Scope } from '../logs/access/principal';
import { limits } from '../logs/model/limits';
import { checkText } from '../logs/validation/text';
import { isOrigin } from '../config/settings';
import { openRepository } from '../storage/database';
import { CommandError, readConfigOrExit } from './command';

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
      const isMade = await withKeys((store) => store.insert(toApiKey(name, text, options)));
      if (!isMade)
        throw new CommandError(`there is a key ${name}, perhaps a revoked one: choose another name`);
      console.log(text);
    });

  keys
    .command('list')
    .summary('show the keys, without their secrets')
    .description('Shows the keys, also those that ended. Keys themselves are not stored, and so not shown.')
    .option('--json', 'print a JSON list')
    .action(async ({ json }: { json?: true }) => {
      const list = (await withKeys((store) => store.list())).map((key) => ({ ...key, digest: undefined }));
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
      const isRevoked = await withKeys((store) => store.revoke(name, new Date().toISOString()));
      if (!isRevoked) throw new CommandError(`there is no key ${name} in force: see log-manager keys list`);
      console.log(`Revoked ${name}. Servers refuse it within 5 seconds.`);
    });
}

/** Opens the database as a server does, which creates and migrates it when needed. */
async function withKeys<Result>(work: (store: KeyStore) => Promise<Result>): Promise<Result> {
  const { database } = readConfigOrExit();
  if (database.kind === 'sqlite' && database.file === ':memory:') {
    throw new CommandError(
      'DATABASE_URL is sqlite::memory:, which exists only inside the server: use ADMIN_KEY',
    );
  }
  const onWarning = (_error: unknown, message: string): void => console.error(message);
  const repository = await openRepository(database, { onWarning, onReplicaChange() {} });
  try {
    return await work(repository.keys);
  } finally {
    await repository.close();
  }
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
  if (/^[\w.-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError('A name is 1 to 64 letters, digits, dots, hyphens and underscores.');
}

function toScopes(text: string): readonly Scope[] {
  const scopes = text.split(',');
  const isScope = (name: string): name is Scope => scopeNames.some((scope) => scope === name);
  if (scopes.every(isScope)) return scopeNames.filter((scope) => scopes.includes(scope));
  throw new InvalidArgumentError(`Scopes are ${scopeNames.join(', ')}, separated by commas.`);
}

function toUserId(text: string): string {
  const problem = checkText(text, limits.maxIdLength);
  if (problem === undefined) return text;
  throw new InvalidArgumentError(`It ${problem}.`);
}

function toOrigins(text: string): readonly string[] {
  const origins = text.split(',');
  if (origins.every(isOrigin)) return origins;
  throw new InvalidArgumentError('Origins are scheme://host[:port], such as https://app.example.com.');
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
  const rows = keys.map(({ name, prefix, scopes, userId, expiresAt, revokedAt, lastUsedAt, isPublic }) => {
    const isExpired = expiresAt !== null && expiresAt <= now;
    const state = revokedAt ? 'revoked' : isExpired ? 'expired' : isPublic ? 'public' : 'in force';
    const day = (time: string | null): string => time?.slice(0, 16).replace('T', ' ') ?? 'never';
    return [name, `${prefix}…`, scopes.join(','), userId ?? 'any', state, day(expiresAt), day(lastUsedAt)];
  });
  const head = ['NAME', 'KEY', 'SCOPES', 'USER', 'STATE', 'EXPIRES', 'LAST USED'];
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join('  ')
      .trimEnd();
  return [head, ...rows].map(line).join('\n');
}
