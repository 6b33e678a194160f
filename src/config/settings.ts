/**
 * Every environment variable the server reads, in the order docs/configuration.md lists them.
 * The documentation is held to this list by a test.
 */
export const settings = [
  {
    name: 'HOST',
    default: '127.0.0.1',
    bounds: 'an IP address or a host name',
    description: 'Address to listen on. `0.0.0.0` or `::` opens the server to the network.',
  },
  {
    name: 'PORT',
    default: '4000',
    bounds: '0 to 65535; 0 takes any free port',
    description: 'TCP port to listen on.',
  },
  {
    name: 'DATABASE_URL',
    default: 'sqlite:data/log-manager.sqlite',
    bounds: '`sqlite:<file>`, `sqlite::memory:` or `postgres://user:password@host:5432/database`',
    description:
      'Where entries are kept. A relative file is taken from the working directory; its directory is created. `sqlite::memory:` forgets everything when the process ends. PostgreSQL must be 14 or newer; `?sslmode=verify-full&sslrootcert=<file>` after it encrypts, to a server whose certificate the authorities in that file vouch for, `?sslmode=no-verify` to any server.',
  },
  {
    name: 'DATABASE_READ_URL',
    default: '',
    bounds: '`postgres://user:password@host:5432/database`',
    description:
      'A read endpoint of the same PostgreSQL: one replica or several. Reads go there while it answers and does not lag; see docs/scaling.md for what they see. Empty means that they go to DATABASE_URL.',
  },
  {
    name: 'READ_MAX_LAG_MS',
    default: '1000',
    bounds: '100 to 600000 milliseconds',
    description:
      'How much older than the primary an answer of DATABASE_READ_URL may be. When the replica is further behind, reads go to DATABASE_URL until it has caught up.',
  },
  {
    name: 'DATABASE_POOL_SIZE',
    default: '10',
    bounds: '1 to 1000 connections',
    description:
      'Most connections for reads that one instance opens to DATABASE_URL, and to DATABASE_READ_URL; writing takes 4 more, and looking after partitions 1. PostgreSQL only.',
  },
  {
    name: 'DATABASE_BUSY_TIMEOUT_MS',
    default: '5000',
    bounds: '100 to 60000 milliseconds',
    description:
      'How long a mutation waits while another process holds the lock of the SQLite file. One that has waited so long is refused with `SERVICE_UNAVAILABLE`; nothing of it is stored. SQLite only.',
  },
  {
    name: 'QUERY_TIMEOUT_MS',
    default: '10000',
    bounds: '100 to 600000 milliseconds',
    description:
      'How long the database may take for one read. One that takes longer is ended, and answered with `QUERY_TIMEOUT`.',
  },
  {
    name: 'MAX_LOGS_RESULT',
    default: '10000',
    bounds: '1 to 10000 entries',
    description:
      'Most entries one `logs` answer may hold. A query that matches more is refused with `RESULT_TOO_LARGE`, never cut.',
  },
  {
    name: 'MAX_REQUEST_BYTES',
    default: '4194304',
    bounds: '1024 to 268435456 bytes',
    description: 'Largest request body. A larger one is refused with `PAYLOAD_TOO_LARGE`.',
  },
  {
    name: 'IDEMPOTENCY_KEY_DAYS',
    default: '30',
    bounds: '1 to 3650 days',
    description:
      'How long the key of a session is kept. A session that is sent again under it later than that is recorded again.',
  },
  {
    name: 'RETENTION_DAYS',
    default: '',
    bounds: '1 to 36500 days',
    description:
      'After how many days entries are erased, counted from their time. PostgreSQL drops whole months, and so keeps some for up to a month longer. Empty means that they are kept until they are deleted.',
  },
  {
    name: 'LOG_LEVEL',
    default: 'info',
    bounds: '`fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`',
    description:
      'Least severe line that is logged. `debug` adds one line for each answered request.',
  },
  {
    name: 'CORS_ORIGINS',
    default: '',
    bounds: '`*`, `none`, or origins such as `https://app.example.com`, separated by commas',
    description:
      'Web origins whose pages may call the server. Empty means `*` while HOST is a loopback address, and `none` otherwise.',
  },
  {
    name: 'STOP_DELAY_MS',
    default: '0',
    bounds: '0 to 600000 milliseconds',
    description:
      'How long the server goes on serving after SIGTERM, while `/readyz` answers 503, so that a balancer sends it no more requests by the time it stops.',
  },
] as const satisfies readonly Setting[];

interface Setting {
  readonly name: string;
  readonly default: string;
  /** What values are accepted, in words. */
  readonly bounds: string;
  readonly description: string;
}

export type SettingName = (typeof settings)[number]['name'];
