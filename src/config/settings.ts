/** A setting that is an integer. */
interface IntegerSetting {
  readonly kind: 'integer';
  readonly min: number;
  readonly max: number;
  readonly unit?: string;
  /** Added to the bounds in the documentation. */
  readonly note?: string;
}

/** A setting that is one of some words. */
interface ChoiceSetting {
  readonly kind: 'choice';
  readonly choices: readonly string[];
}

/** A setting with a form of its own, which config.ts reads. */
interface TextSetting {
  readonly kind: 'text';
  /** The accepted values in words, as Markdown. */
  readonly form: string;
}

export type Setting = (IntegerSetting | ChoiceSetting | TextSetting) & {
  readonly name: string;
  readonly default: string;
  readonly description: string;
};

const postgresForm = '`postgres://user:password@host:5432/database`';
const milliseconds = { kind: 'integer', unit: 'milliseconds' } as const;
const days = { kind: 'integer', unit: 'days' } as const;

/** Every environment variable that the server reads, in the order of docs/configuration.md. */
export const settings = [
  {
    name: 'HOST',
    default: '127.0.0.1',
    kind: 'text',
    form: 'an IP address or a host name',
    description: 'Address to listen on. `0.0.0.0` or `::` opens the server to the network.',
  },
  {
    name: 'PORT',
    default: '4000',
    kind: 'integer',
    min: 0,
    max: 65_535,
    note: '0 takes any free port',
    description: 'TCP port to listen on.',
  },
  {
    name: 'DATABASE_URL',
    default: 'sqlite:data/log-manager.sqlite',
    kind: 'text',
    form: `\`sqlite:<file>\`, \`sqlite::memory:\` or ${postgresForm}`,
    description:
      'The database. A relative file is relative to the working directory; its directory is created. ' +
      '`sqlite::memory:` loses its entries when the process ends. PostgreSQL must be 14 or newer; append ' +
      '`?sslmode=verify-full&sslrootcert=<file>` to encrypt and to accept only servers with a certificate' +
      ' of the authorities in the file, or `?sslmode=no-verify` to encrypt and to accept any server.',
  },
  {
    name: 'DATABASE_READ_URL',
    default: '',
    kind: 'text',
    form: postgresForm,
    description:
      'A read endpoint of the same PostgreSQL: one replica or several. Reads use it while it answers and ' +
      'its lag is within `READ_MAX_LAG_MS`; see docs/scaling.md for what they return. Empty: reads use ' +
      '`DATABASE_URL`.',
  },
  {
    name: 'READ_MAX_LAG_MS',
    default: '1000',
    ...milliseconds,
    min: 100,
    max: 600_000,
    description: 'Maximum replica lag for reads. While the replica lags more, reads use `DATABASE_URL`.',
  },
  {
    name: 'DATABASE_POOL_SIZE',
    default: '10',
    kind: 'integer',
    min: 1,
    max: 1_000,
    unit: 'connections',
    description:
      'Maximum connections for reads from one instance to `DATABASE_URL`, and to `DATABASE_READ_URL`. ' +
      'Writes use 4 more, the maintenance of partitions 1 more. PostgreSQL only.',
  },
  {
    name: 'DATABASE_BUSY_TIMEOUT_MS',
    default: '5000',
    ...milliseconds,
    min: 100,
    max: 60_000,
    description:
      'How long a mutation waits while another process locks the SQLite file. Then it is refused with ' +
      '`SERVICE_UNAVAILABLE`, and nothing of it is stored. SQLite only.',
  },
  {
    name: 'QUERY_TIMEOUT_MS',
    default: '10000',
    ...milliseconds,
    min: 100,
    max: 600_000,
    description:
      'Maximum duration of a read in the database. A longer one is canceled, and answered with ' +
      '`QUERY_TIMEOUT`.',
  },
  {
    name: 'MAX_LOGS_RESULT',
    default: '10000',
    kind: 'integer',
    min: 1,
    max: 10_000,
    unit: 'entries',
    description:
      'Maximum number of entries in a result of `logs`. A query that matches more is refused with ' +
      '`RESULT_TOO_LARGE`, never truncated.',
  },
  {
    name: 'MAX_REQUEST_BYTES',
    default: '4194304',
    kind: 'integer',
    min: 1_024,
    max: 268_435_456,
    unit: 'bytes',
    description: 'Maximum size of a request body. A larger one is refused with `PAYLOAD_TOO_LARGE`.',
  },
  {
    name: 'IDEMPOTENCY_KEY_DAYS',
    default: '30',
    ...days,
    min: 1,
    max: 3_650,
    description: 'How long idempotency keys are kept. A session that is sent again later is recorded again.',
  },
  {
    name: 'RETENTION_DAYS',
    default: '',
    ...days,
    min: 1,
    max: 36_500,
    description:
      'Entries are erased this many days after their time. PostgreSQL drops whole months, so some are ' +
      'kept for up to a month longer. Empty: entries are kept until they are deleted.',
  },
  {
    name: 'LOG_LEVEL',
    default: 'info',
    kind: 'choice',
    choices: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    description: 'Minimum severity of logged lines. `debug` adds one line for each completed request.',
  },
  {
    name: 'CORS_ORIGINS',
    default: '',
    kind: 'text',
    form: '`*`, `none`, or origins such as `https://app.example.com`, separated by commas',
    description:
      'Web origins whose pages may call the server. Empty: `*` if HOST is a loopback address, otherwise ' +
      '`none`.',
  },
  {
    name: 'STOP_DELAY_MS',
    default: '0',
    ...milliseconds,
    min: 0,
    max: 600_000,
    description:
      'Grace period between failing readiness and draining: after SIGTERM, `/readyz` answers 503 and the ' +
      'server continues to serve for so long, until load balancers send no more requests.',
  },
] as const satisfies readonly Setting[];

type AnySetting = (typeof settings)[number];
export type SettingName = AnySetting['name'];
export type IntegerSettingName = Extract<AnySetting, { kind: 'integer' }>['name'];
export type LogLevel = Extract<AnySetting, { kind: 'choice' }>['choices'][number];

/** The accepted values of a setting, as Markdown for docs/configuration.md. */
export function describeBounds(setting: Setting): string {
  switch (setting.kind) {
    case 'integer': {
      const { min, max, unit, note } = setting;
      return `${min} to ${max}${unit ? ` ${unit}` : ''}${note ? `; ${note}` : ''}`;
    }
    case 'choice': {
      const words = setting.choices.map((choice) => `\`${choice}\``);
      return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
    }
    case 'text':
      return setting.form;
  }
}
