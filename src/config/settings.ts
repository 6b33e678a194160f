import { readFileSync } from 'node:fs';
import { isHost, splitList, toHosts, toNetworks } from './addresses';

/** Bounds of an integer. `note` is added to them in the documentation. */
type Bounds = { min: number; max: number; unit?: string; note?: string };

/** A setting that is an integer. `parse` returns undefined for an invalid text. */
function integer(defaultText: string, { min, max, unit, note }: Bounds) {
  return {
    default: defaultText,
    /** The accepted values as Markdown, for docs/configuration.md. */
    bounds: `${min} to ${max}${unit ? ` ${unit}` : ''}${note ? `; ${note}` : ''}`,
    /** The accepted values in an error message. */
    form: `an integer from ${min} to ${max}`,
    parse: (text: string): number | undefined => {
      const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
      return value >= min && value <= max ? value : undefined;
    },
  };
}

/** A setting with its own parser. @param bounds the accepted values as Markdown */
function text<Value>(defaultText: string, bounds: string, parse: (text: string) => Value | undefined) {
  return { default: defaultText, bounds, form: bounds.replaceAll('`', ''), parse };
}

const postgresForm = '`postgres://user:password@host:5432/database`';
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** Every environment variable that the server reads, in the order of docs/configuration.md. */
export const settings = {
  HOST: {
    ...text('127.0.0.1', 'an IP address or a host name', onlyIf(isHost)),
    description: 'Address to listen on. `0.0.0.0` or `::` opens the server to the network.',
  },
  PORT: {
    ...integer('4000', { min: 0, max: 65_535, note: '0 takes any free port' }),
    description: 'TCP port to listen on.',
  },
  METRICS_PORT: {
    ...integer('', { min: 1, max: 65_535 }),
    description:
      'A second TCP port on `HOST`, which serves `/metrics`, `/livez` and `/readyz` alone, without a key. Empty: none.',
  },
  DATABASE_URL: {
    ...text(
      'sqlite:data/log-manager.sqlite',
      `\`sqlite:<file>\`, \`sqlite::memory:\` or ${postgresForm}`,
      onlyIf((url) => /^sqlite:[^\0]+$/.test(url) || isPostgres(url)),
    ),
    description:
      'The database. A relative file is relative to the working directory; its directory is created. ' +
      '`sqlite::memory:` loses its entries when the process ends. PostgreSQL must be 14 or newer; append ' +
      '`?sslmode=verify-full&sslrootcert=<file>` to encrypt and to accept only servers with a certificate' +
      ' of the authorities in the file, or `?sslmode=no-verify` to encrypt and to accept any server.',
  },
  DATABASE_READ_URL: {
    ...text('', postgresForm, onlyIf(isPostgres)),
    description:
      'A read endpoint of the same PostgreSQL: one replica or several. Reads use it while it answers and ' +
      'its lag is within `READ_MAX_LAG_MS`; see docs/scaling.md for what they return. Empty: reads use ' +
      '`DATABASE_URL`.',
  },
  READ_MAX_LAG_MS: {
    ...integer('1000', { min: 100, max: 600_000, unit: 'milliseconds' }),
    description: 'Maximum replica lag for reads. While the replica lags more, reads use `DATABASE_URL`.',
  },
  DATABASE_POOL_SIZE: {
    ...integer('10', { min: 1, max: 1_000, unit: 'connections' }),
    description:
      'Maximum connections for reads from one instance to `DATABASE_URL`, and to `DATABASE_READ_URL`. ' +
      'Writes and the feed use 5 more, the start and the maintenance of partitions up to 2 more, briefly. ' +
      'PostgreSQL only.',
  },
  DATABASE_BUSY_TIMEOUT_MS: {
    ...integer('5000', { min: 100, max: 60_000, unit: 'milliseconds' }),
    description:
      'How long a mutation waits while another process locks the SQLite file. Then it is refused with ' +
      '`SERVICE_UNAVAILABLE`, and nothing of it is stored. SQLite only.',
  },
  QUERY_TIMEOUT_MS: {
    ...integer('10000', { min: 100, max: 600_000, unit: 'milliseconds' }),
    description:
      'Maximum duration of a read in the database. A longer one is canceled, and answered with ' +
      '`QUERY_TIMEOUT`.',
  },
  READ_QUEUE_MS: {
    ...integer('', { min: 100, max: 1_200_000, unit: 'milliseconds' }),
    description:
      'Maximum duration of an expensive read together with its wait for other expensive reads. A read that ' +
      'would take longer is refused with `SERVICE_UNAVAILABLE` and the time after which to ask again. Empty: ' +
      '`QUERY_TIMEOUT_MS` and 2,000 more.',
  },
  MAX_LOGS_RESULT: {
    ...integer('10000', { min: 1, max: 10_000, unit: 'entries' }),
    description:
      'Maximum number of entries in a result of `logs`. A query that matches more is refused with ' +
      '`RESULT_TOO_LARGE`, never truncated.',
  },
  MAX_RESPONSE_BYTES: {
    ...integer('32000000', { min: 1_000_000, max: 256_000_000, unit: 'bytes' }),
    description:
      'Maximum size of an answer. A larger one is refused with `RESULT_TOO_LARGE`, never truncated; a mutation ' +
      'before it stores anything.',
  },
  MAX_REQUEST_BYTES: {
    ...integer('4194304', { min: 1_024, max: 268_435_456, unit: 'bytes' }),
    description:
      'Maximum size of a request body, as sent and decompressed. A larger one is refused with `PAYLOAD_TOO_LARGE`.',
  },
  IDEMPOTENCY_KEY_DAYS: {
    ...integer('30', { min: 1, max: 3_650, unit: 'days' }),
    description: 'How long idempotency keys are kept. A session that is sent again later is recorded again.',
  },
  RETENTION_DAYS: {
    ...integer('', { min: 1, max: 36_500, unit: 'days' }),
    description:
      'Entries are erased this many days after their time. PostgreSQL drops whole months, so some are ' +
      'kept for up to a month longer. Empty: entries are kept until they are deleted.',
  },
  ERASURE_NOTICE_DAYS: {
    ...integer('30', { min: 0, max: 3_650, unit: 'days' }),
    description:
      'How long the feed tells copies of the log which users and sessions were erased on request, and so keeps their ' +
      'ids. 0: only until the deletion completes, so that copies may miss it.',
  },
  LOG_LEVEL: {
    default: 'info',
    bounds: `\`${logLevels.slice(0, -1).join('`, `')}\` or \`${logLevels.at(-1)}\``,
    form: `one of ${logLevels.join(', ')}`,
    parse: onlyIf((level) => logLevels.includes(level)),
    description: 'Minimum severity of logged lines. `debug` adds one line for each completed request.',
  },
  AUTH: {
    ...text(
      'keys',
      '`keys` or `none`',
      onlyIf((mode) => mode === 'keys' || mode === 'none'),
    ),
    description:
      'Who may call the server. `keys`: clients with a key, once there is one; until then programs on this ' +
      'machine. `none`: everybody who reaches the port may read and erase everything.',
  },
  ADMIN_KEY: {
    ...text('', 'a secret of 32 characters or more, or two separated by a comma', toSecrets),
    description: 'A key with every scope, from the environment. Two, while the first is being replaced.',
  },
  ADMIN_KEY_FILE: {
    ...text(
      '',
      'a readable file with a secret of 32 characters or more, or two separated by a comma or a line break',
      (path) => toSecrets(readText(path)),
    ),
    description: 'A file that holds `ADMIN_KEY`, such as a secret of Docker or Kubernetes.',
  },
  ALLOWED_HOSTS: {
    ...text(
      '',
      'names such as `logs.example.com` or addresses, separated by commas; a port is ignored',
      toHosts,
    ),
    description:
      'Names and addresses, besides those of loopback, by which clients may call a server that needs no key. ' +
      'Without this check, any web page could call it by a name of its own.',
  },
  CORS_ORIGINS: {
    ...text('', '`*`, `none`, or origins such as `https://app.example.com`, separated by commas', toOrigins),
    description:
      'Web origins whose pages may call the server. Empty: any origin while requests need a key. A server that ' +
      'needs no key takes the listed origins and those of this machine, even if this is `*`.',
  },
  RATE_LIMIT_PER_SECOND: {
    ...integer('', { min: 1, max: 1_000_000, unit: 'requests' }),
    description:
      'Maximum requests a second with one key, or from one address (of IPv6: from one `/64` network) while no ' +
      'key is needed; more are refused with `RATE_LIMITED`. Empty: no limit, except for public keys (50).',
  },
  RATE_LIMIT_BURST: {
    ...integer('', { min: 1, max: 1_000_000, unit: 'requests' }),
    description: 'Maximum requests at once within that limit. Empty: four times `RATE_LIMIT_PER_SECOND`.',
  },
  TRUSTED_PROXIES: {
    ...text(
      '',
      'IP addresses or networks such as `10.0.0.0/8`, separated by commas; no `::ffff:` before IPv4',
      toNetworks,
    ),
    description:
      'Proxies whose header `X-Forwarded-For` is believed: the client is the last address in it that is none of these.',
  },
  STOP_DELAY_MS: {
    ...integer('0', { min: 0, max: 600_000, unit: 'milliseconds' }),
    description:
      'Grace period between failing readiness and draining: after SIGTERM, `/readyz` answers 503 and the ' +
      'server continues to serve for so long, until load balancers send no more requests.',
  },
};

export type SettingName = keyof typeof settings;

function onlyIf(isValid: (text: string) => boolean) {
  return (text: string): string | undefined => (isValid(text) ? text : undefined);
}

function isPostgres(url: string): boolean {
  return /^postgres(ql)?:\/\/[^/]*\/./.test(url) && URL.canParse(url);
}

function toOrigins(text: string): '*' | readonly string[] | undefined {
  if (text === '*') return '*';
  if (text === 'none') return [];
  const origins = splitList(text);
  return origins.every(isOrigin) ? origins : undefined;
}

/** One or two secrets. Their text never appears in a message. */
function toSecrets(text: string): string[] | undefined {
  const secrets = text.split(/[,\r\n]+/).map((secret) => secret.trim());
  const isSecret = (secret: string): boolean => /^[!-~]{32,1000}$/.test(secret);
  return secrets.length <= 2 && secrets.every(isSecret) ? secrets : undefined;
}

/** The text of a file; empty if it cannot be read. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

/** Whether a text is scheme://host[:port] in the form that browsers send (RFC 6454, section 6.2). */
export function isOrigin(text: string): boolean {
  return (
    !text.includes('*') &&
    URL.canParse(text) &&
    /^https?:$/.test(new URL(text).protocol) &&
    new URL(text).origin === text
  );
}
