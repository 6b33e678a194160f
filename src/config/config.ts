import { join } from 'node:path';
import { settings, type SettingName } from './settings';

/** The settings of the server, validated. */
export type Config = ReturnType<typeof readConfig>;
export type DatabaseConfig = Config['database'];

/** The problems of all invalid settings; each names its variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(`Invalid settings:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

/**
 * Reads the settings from environment variables. An empty value counts as not set.
 * @throws {ConfigError} with the problems of all invalid settings
 */
export function readConfig(env: NodeJS.ProcessEnv) {
  const problems: string[] = [];
  /** Returns undefined for an invalid value, and for a setting without value and default. */
  const readOptional = <Name extends SettingName>(name: Name) => {
    const { default: defaultText, form, parse } = settings[name];
    const text = env[name]?.trim() || defaultText;
    if (text === '') return undefined;
    const value = parse(text);
    if (value === undefined) problems.push(`${name}: must be ${form}${describeRefused(name, text)}`);
    return value as ReturnType<(typeof settings)[Name]['parse']>;
  };
  // An undefined value is never used: readConfig throws.
  const read = <Name extends SettingName>(name: Name) => readOptional(name)!;

  const adminKey = readOptional('ADMIN_KEY');
  const adminKeyOfFile = readOptional('ADMIN_KEY_FILE');
  if (adminKey && adminKeyOfFile) problems.push('ADMIN_KEY and ADMIN_KEY_FILE are both set: remove one');
  const host = read('HOST');
  const port = read('PORT');
  const metricsPort = readOptional('METRICS_PORT');
  if (metricsPort !== undefined && metricsPort === port) {
    problems.push('METRICS_PORT: must differ from PORT, which serves /metrics to programs of this machine');
  }
  const perSecond = readOptional('RATE_LIMIT_PER_SECOND');
  const burst = readOptional('RATE_LIMIT_BURST');
  if (burst !== undefined && !env['RATE_LIMIT_PER_SECOND']?.trim()) {
    problems.push('RATE_LIMIT_BURST: has no effect without RATE_LIMIT_PER_SECOND: set both');
  }
  const logLevel = read('LOG_LEVEL');
  const queryTimeoutMs = read('QUERY_TIMEOUT_MS');
  const readQueueMs = readOptional('READ_QUEUE_MS') ?? queryTimeoutMs + 2_000;
  const busyTimeoutMs = read('DATABASE_BUSY_TIMEOUT_MS');
  const readMaxLagMs = read('READ_MAX_LAG_MS');
  const poolSize = read('DATABASE_POOL_SIZE');
  const url = read('DATABASE_URL');
  const readUrl = readOptional('DATABASE_READ_URL');
  const file = /^sqlite:(.+)/s.exec(url)?.[1];
  const problem = file !== undefined && describeWrongFile(file);
  if (problem) problems.push(`DATABASE_URL: ${problem}`);
  if (file !== undefined && readUrl !== undefined) {
    problems.push('DATABASE_READ_URL: requires a DATABASE_URL of PostgreSQL, not of SQLite');
  }
  const config = {
    host,
    logLevel,
    database:
      file === undefined
        ? { kind: 'postgres' as const, url, readUrl, readMaxLagMs, poolSize, queryTimeoutMs, readQueueMs }
        : { kind: 'sqlite' as const, file, busyTimeoutMs, queryTimeoutMs, readQueueMs },
    isAuthOff: read('AUTH') === 'none',
    adminKeys: adminKey ?? adminKeyOfFile ?? [],
    allowedHosts: readOptional('ALLOWED_HOSTS') ?? [],
    /** `'*'`: any origin; an empty list: none. */
    corsOrigins: readOptional('CORS_ORIGINS') ?? ('*' as const),
    /** Of one client; undefined: no limit. */
    rate: perSecond === undefined ? undefined : { perSecond, burst: burst ?? 4 * perSecond },
    trustedProxies: readOptional('TRUSTED_PROXIES') ?? [],
    port,
    metricsPort,
    maxLogsResult: read('MAX_LOGS_RESULT'),
    maxResponseBytes: read('MAX_RESPONSE_BYTES'),
    maxRequestBytes: read('MAX_REQUEST_BYTES'),
    idempotencyKeyDays: read('IDEMPOTENCY_KEY_DAYS'),
    erasureNoticeDays: read('ERASURE_NOTICE_DAYS'),
    /** Undefined: entries are kept until they are deleted. */
    retentionDays: readOptional('RETENTION_DAYS'),
    stopDelayMs: read('STOP_DELAY_MS'),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** The end of a message about an invalid setting, without what may be secret. */
function describeRefused(name: SettingName, text: string): string {
  // A database URL may hold a password, and a refused key is still a secret.
  if (/_URL$|^ADMIN_KEY$/.test(name)) return '';
  // Base64 has slashes, and may end with =.
  const isPath = text.length < 32 || /^(~|\.{0,2})\/.*[^=]$|^[a-z]:\\/i.test(text);
  if (name === 'ADMIN_KEY_FILE' && !isPath) return '. The setting takes a path; ADMIN_KEY takes a secret';
  return `, not ${JSON.stringify(text)}`;
}

/** Forms of a SQLite URL that other programs take; here each would name an unexpected file. */
function describeWrongFile(file: string): string | undefined {
  if (file.startsWith('//')) {
    const path = file.replace(/^\/+/, '');
    return `sqlite: takes no //. Write sqlite:${path} for a file below the working directory, or sqlite:/${path}`;
  }
  if (file !== ':memory:' && /^(:|memory:|file::memory:)/i.test(file)) {
    return 'the database in memory is sqlite::memory:, with two colons after sqlite and one at the end';
  }
  if (file.startsWith('file:')) return `write sqlite:${file.slice(5)}, without file:`;
  if (/\?\w+=/.test(file))
    return `sqlite: takes no parameters. Write sqlite:${file.slice(0, file.indexOf('?'))}`;
  if (/^[~$%]/.test(file)) {
    return `only a shell replaces ${file.split('/')[0]}. Write the whole path, such as sqlite:/home/me/log.sqlite`;
  }
  if (/(^|\/)\.{0,2}$/.test(file)) {
    return `sqlite:${file} is a directory. Name a file in it: sqlite:${join(file, 'log-manager.sqlite')}`;
  }
  return undefined;
}

/** The database for the log: without user, password and parameters, which may hold secrets. */
export function describeDatabase(database: DatabaseConfig): string {
  if (database.kind === 'sqlite') return `sqlite:${database.file}`;
  const urls = [database.url, database.readUrl].filter((url) => url !== undefined).map((url) => new URL(url));
  return urls.map(({ protocol, host, pathname }) => `${protocol}//${host}${pathname}`).join(', reads ');
}
