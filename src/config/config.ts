import { isIP } from 'node:net';
import type { Environment } from './environment';
import {
  describeBounds,
  settings,
  type IntegerSettingName,
  type LogLevel,
  type SettingName,
} from './settings';

/** The settings of the server, validated. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly database: DatabaseConfig;
  readonly maxLogsResult: number;
  readonly maxRequestBytes: number;
  readonly idempotencyKeyDays: number;
  /** Undefined: entries are kept until they are deleted. */
  readonly retentionDays: number | undefined;
  readonly logLevel: LogLevel;
  /** `'*'`: any origin; an empty list: none. */
  readonly corsOrigins: '*' | readonly string[];
  /** Grace period between failing readiness and draining. */
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
  /** The read endpoint; undefined: reads use `url`. */
  readonly readUrl: string | undefined;
  readonly readMaxLagMs: number;
  /** Maximum number of connections for reads. */
  readonly poolSize: number;
  /** Maximum duration of a read, in milliseconds. */
  readonly queryTimeoutMs: number;
}

/** The problems of all invalid settings; each names its variable. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`Invalid settings:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/**
 * Parses and validates the settings.
 * @throws {ConfigError} with the problems of all invalid settings
 */
export function toConfig(environment: Environment): Config {
  const problems: string[] = [];
  const refuse = (name: SettingName, problem = `must be ${describePlainly(name)}`): void => {
    // A database URL may hold a password.
    const value = name.endsWith('_URL') ? '' : `, not ${JSON.stringify(environment[name])}`;
    problems.push(`${name}: ${problem}${value}`);
  };
  const integer = (name: IntegerSettingName): number => {
    const text = environment[name];
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    const { min, max } = findSetting(name);
    if (!(value >= min && value <= max)) refuse(name);
    return value;
  };

  const host = environment.HOST;
  if (!isHost(host)) refuse('HOST');
  const logLevel = findSetting('LOG_LEVEL').choices.find((level) => level === environment.LOG_LEVEL);
  if (!logLevel) refuse('LOG_LEVEL');
  const readUrl = environment.DATABASE_READ_URL || undefined;
  const database = toDatabase(environment.DATABASE_URL, {
    queryTimeoutMs: integer('QUERY_TIMEOUT_MS'),
    busyTimeoutMs: integer('DATABASE_BUSY_TIMEOUT_MS'),
    readUrl,
    readMaxLagMs: integer('READ_MAX_LAG_MS'),
    poolSize: integer('DATABASE_POOL_SIZE'),
  });
  if (!database) refuse('DATABASE_URL');
  if (readUrl !== undefined && !isPostgres(readUrl)) refuse('DATABASE_READ_URL');
  else if (readUrl !== undefined && database?.kind === 'sqlite') {
    refuse('DATABASE_READ_URL', 'requires a DATABASE_URL of PostgreSQL, not of SQLite');
  }
  const corsOrigins = toOrigins(environment.CORS_ORIGINS, host);
  if (!corsOrigins) refuse('CORS_ORIGINS');

  const config = {
    host,
    port: integer('PORT'),
    database: database as DatabaseConfig,
    maxLogsResult: integer('MAX_LOGS_RESULT'),
    maxRequestBytes: integer('MAX_REQUEST_BYTES'),
    idempotencyKeyDays: integer('IDEMPOTENCY_KEY_DAYS'),
    retentionDays: environment.RETENTION_DAYS === '' ? undefined : integer('RETENTION_DAYS'),
    logLevel: logLevel ?? 'info',
    corsOrigins: corsOrigins ?? [],
    stopDelayMs: integer('STOP_DELAY_MS'),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** The database for the log: without user, password and parameters, which may hold secrets. */
export function describeDatabase(database: DatabaseConfig): string {
  if (database.kind === 'sqlite') return `sqlite:${database.file}`;
  return [database.url, database.readUrl]
    .filter((url) => url !== undefined)
    .map((url) => {
      const { protocol, host, pathname } = new URL(url);
      return `${protocol}//${host}${pathname}`;
    })
    .join(', reads ');
}

/** Who may connect to a server that listens on the host. */
export function describeAccess(host: string): string {
  if (isLoopback(host)) return 'programs on this machine only';
  return 'every machine that reaches these addresses; no key is asked for';
}

function findSetting<Name extends SettingName>(name: Name) {
  type Named = Extract<(typeof settings)[number], { readonly name: Name }>;
  return settings.find((setting): setting is Named => setting.name === name)!;
}

/** The accepted values of a setting, as plain text. */
function describePlainly(name: SettingName): string {
  const setting = findSetting(name);
  switch (setting.kind) {
    case 'integer':
      return `an integer from ${setting.min} to ${setting.max}`;
    case 'choice':
      return `one of ${setting.choices.join(', ')}`;
    case 'text':
      return describeBounds(setting).replaceAll('`', '');
  }
}

function isHost(host: string): boolean {
  return isIP(host) !== 0 || /^(?=.{1,253}$)[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(host);
}

/** Reads DATABASE_URL; undefined if it is invalid. */
function toDatabase(
  url: string,
  options: Omit<PostgresConfig, 'kind' | 'url'> & Pick<SqliteConfig, 'busyTimeoutMs'>,
): DatabaseConfig | undefined {
  const { busyTimeoutMs, ...postgres } = options;
  const file = /^sqlite:(.+)$/s.exec(url)?.[1];
  if (file !== undefined && !file.includes('\0')) {
    return { kind: 'sqlite', file, busyTimeoutMs, queryTimeoutMs: postgres.queryTimeoutMs };
  }
  return isPostgres(url) ? { kind: 'postgres', url, ...postgres } : undefined;
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

/** Whether a text is scheme://host[:port] in the form that browsers send (RFC 6454, section 6.2). */
function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}
