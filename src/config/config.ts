import { isIP } from 'node:net';
import type { Environment } from './environment';
import type { SettingName } from './settings';

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly database: DatabaseConfig;
  readonly maxLogsResult: number;
  readonly maxRequestBytes: number;
  readonly idempotencyKeyDays: number;
  /** Undefined: entries are kept until they are deleted. */
  readonly retentionDays: number | undefined;
  readonly logLevel: (typeof logLevels)[number];
  /** `'*'`: any origin; an empty list: none. */
  readonly corsOrigins: '*' | readonly string[];
  /** How long the server still serves after it was told to stop, though it says that it is not ready. */
  readonly stopDelayMs: number;
}

export type DatabaseConfig = SqliteConfig | PostgresConfig;

export interface SqliteConfig {
  readonly kind: 'sqlite';
  /** A file path, or `:memory:`. */
  readonly file: string;
  /** How long a write waits for another process's lock, in milliseconds. */
  readonly busyTimeoutMs: number;
  readonly queryTimeoutMs: number;
}

export interface PostgresConfig {
  readonly kind: 'postgres';
  /** May hold a password. */
  readonly url: string;
  /** Where reads go while it answers and does not lag; to `url` when undefined. */
  readonly readUrl: string | undefined;
  readonly readMaxLagMs: number;
  /** Most connections for reads. */
  readonly poolSize: number;
  /** How long a read may take, in milliseconds. */
  readonly queryTimeoutMs: number;
}

/** All settings that are wrong, each named by its variable. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The settings are not usable:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/**
 * Turns the text of the settings into a typed configuration.
 * @throws {ConfigError} naming every setting that is wrong, not only the first
 */
export function toConfig(environment: Environment): Config {
  const problems: string[] = [];
  const refuse = (name: SettingName, expected: string): void => {
    problems.push(`${name}: ${expected}, not ${JSON.stringify(environment[name])}`);
  };
  const integer = (name: SettingName, min: number, max: number): number => {
    const text = environment[name];
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (!(value >= min && value <= max)) refuse(name, `must be an integer from ${min} to ${max}`);
    return value;
  };

  const host = environment.HOST;
  if (!isHost(host)) refuse('HOST', 'must be an IP address or a host name');
  const logLevel = logLevels.find((level) => level === environment.LOG_LEVEL);
  if (!logLevel) refuse('LOG_LEVEL', `must be one of ${logLevels.join(', ')}`);
  const queryTimeoutMs = integer('QUERY_TIMEOUT_MS', 100, 600_000);
  const database = toDatabase(environment.DATABASE_URL, {
    queryTimeoutMs,
    busyTimeoutMs: integer('DATABASE_BUSY_TIMEOUT_MS', 100, 60_000),
    readUrl: environment.DATABASE_READ_URL || undefined,
    readMaxLagMs: integer('READ_MAX_LAG_MS', 100, 600_000),
    poolSize: integer('DATABASE_POOL_SIZE', 1, 1_000),
  });
  if (!database) {
    problems.push(`DATABASE_URL: must be sqlite:<file>, sqlite::memory: or ${postgresForm}`);
  }
  const readProblem = explainReadUrl(environment.DATABASE_READ_URL, database);
  if (readProblem) problems.push(`DATABASE_READ_URL: ${readProblem}`);
  const corsOrigins = toOrigins(environment.CORS_ORIGINS, host);
  if (!corsOrigins) {
    refuse('CORS_ORIGINS', 'must be *, none, or origins such as https://app.example.com');
  }

  const config = {
    host,
    port: integer('PORT', 0, 65_535),
    database: database as DatabaseConfig,
    maxLogsResult: integer('MAX_LOGS_RESULT', 1, 10_000),
    maxRequestBytes: integer('MAX_REQUEST_BYTES', 1_024, 268_435_456),
    idempotencyKeyDays: integer('IDEMPOTENCY_KEY_DAYS', 1, 3_650),
    retentionDays:
      environment.RETENTION_DAYS === '' ? undefined : integer('RETENTION_DAYS', 1, 36_500),
    logLevel: logLevel ?? 'info',
    corsOrigins: corsOrigins ?? [],
    stopDelayMs: integer('STOP_DELAY_MS', 0, 600_000),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

function isHost(host: string): boolean {
  return isIP(host) !== 0 || /^(?=.{1,253}$)[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(host);
}

const postgresForm = 'postgres://user:password@host:5432/database';

/** What is wrong is told without the URL, which may hold a password. */
function toDatabase(
  url: string,
  settings: Omit<PostgresConfig, 'kind' | 'url'> & Pick<SqliteConfig, 'busyTimeoutMs'>,
): DatabaseConfig | undefined {
  const { busyTimeoutMs, ...postgres } = settings;
  const file = /^sqlite:(.+)$/s.exec(url)?.[1];
  if (file !== undefined && !file.includes('\0')) {
    return { kind: 'sqlite', file, busyTimeoutMs, queryTimeoutMs: postgres.queryTimeoutMs };
  }
  return isPostgres(url) ? { kind: 'postgres', url, ...postgres } : undefined;
}

function explainReadUrl(url: string, database: DatabaseConfig | undefined): string | undefined {
  if (url === '') return undefined;
  if (!isPostgres(url)) return `must be ${postgresForm}`;
  if (database?.kind === 'sqlite') return 'needs a DATABASE_URL of PostgreSQL, not of SQLite';
  return undefined;
}

function isPostgres(url: string): boolean {
  return /^postgres(ql)?:\/\/[^/]*\/./.test(url) && URL.canParse(url);
}

function toOrigins(text: string, host: string): Config['corsOrigins'] | undefined {
  if (text === '') return isLoopback(host) ? '*' : [];
  if (text === '*') return '*';
  if (text === 'none') return [];
  const origins = text.split(',').map((origin) => origin.trim());
  return origins.every(isOrigin) ? origins : undefined;
}

/** True for scheme://host[:port] in the very form a browser sends (RFC 6454, section 6.2). */
function isOrigin(text: string): boolean {
  return (
    URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text
  );
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}
