import { appendFileSync, chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type QueryResultRow } from 'pg';
import { onCleanUp, runTool, startChild, waitUntil, type Child } from '../../support/processes/children';
import { postgresTool, postgresUser } from './tools';

/** Whom the instances are for PostgreSQL: the owner of their database, with no more rights than that. */
export const role = 'log_manager';

/** What two of them on a small machine can carry. Durability is as PostgreSQL has it by default, fsync too. */
const configuration = `
listen_addresses = '127.0.0.1'
max_connections = 100
shared_buffers = 64MB
wal_keep_size = 256MB
dynamic_shared_memory_type = mmap
wal_retrieve_retry_interval = 100ms
log_min_messages = warning
`;

/** A PostgreSQL server in a directory of its own, on a port that stays its own through crashes and rebuilding. */
export class PostgresNode {
  private readonly directory: string;
  private readonly data: string;
  private server: Child | undefined;

  constructor(
    readonly name: string,
    readonly port: number,
  ) {
    this.directory = mkdtempSync(join(tmpdir(), `log-manager-${name}-`));
    this.data = join(this.directory, 'data');
    if (postgresUser) chownSync(this.directory, postgresUser.uid, postgresUser.gid);
    onCleanUp(() => this.remove());
  }

  /** The database of the instances, as their role sees it. */
  get url(): string {
    return `postgres://${role}@127.0.0.1:${this.port}/${role}`;
  }

  /** Makes it a primary with an empty database, and starts it. */
  async initialize(): Promise<void> {
    const options = ['--auth=trust', '--username=postgres', '--encoding=UTF8', '--locale=C.UTF-8'];
    await runTool(postgresTool('initdb'), ['-D', this.data, ...options], postgresUser);
    appendFileSync(join(this.data, 'postgresql.conf'), configuration);
    await this.start();
    const client = await this.connect({ database: 'postgres' });
    await client.query(`CREATE ROLE ${role} LOGIN`);
    await client.query(`CREATE DATABASE ${role} OWNER ${role}`);
    await client.end();
  }

  /** Makes it a standby, by a new copy of the primary in place of whatever was here, and does not start it yet. */
  async copyFrom(primary: PostgresNode): Promise<void> {
    await this.clear();
    const from = `host=127.0.0.1 port=${primary.port} user=postgres`;
    const options = ['--checkpoint=fast', '--write-recovery-conf', '--wal-method=stream'];
    const args = ['-D', this.data, '-d', from, ...options];
    await runTool(postgresTool('pg_basebackup'), args, postgresUser);
  }

  /** Starts it, and waits until it answers. */
  async start(): Promise<void> {
    const settings = {
      port: this.port,
      unix_socket_directories: this.directory,
      // Also what a standby calls itself when it asks the primary for its log.
      cluster_name: this.name,
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const server = startChild(postgresTool('postgres'), ['-D', this.data, ...args], {
      user: postgresUser,
    });
    this.server = server;
    await waitUntil(`PostgreSQL ${this.name} answers`, 30_000, async () => {
      if (server.ended() !== undefined) throw new Error(`${this.name} ended:\n${server.output()}`);
      return (await this.isInRecovery()) !== undefined;
    });
  }

  /** Whether it is a standby; undefined when it gives no answer. */
  async isInRecovery(): Promise<boolean | undefined> {
    try {
      const client = await this.connect({ database: 'postgres', timeoutMs: 1_000 });
      try {
        const { rows } = await client.query<{ is: boolean }>('SELECT pg_is_in_recovery() AS is');
        return rows[0]!.is;
      } finally {
        void client.end();
      }
    } catch {
      return undefined;
    }
  }

  /** A connection of the superuser's, which its caller ends. */
  async connect({ database = role, timeoutMs = 30_000 } = {}): Promise<Client> {
    const client = new Client({
      host: '127.0.0.1',
      port: this.port,
      user: 'postgres',
      database,
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
    });
    // A loss of the connection fails the query that waits; without one there is nobody to tell.
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  /** Runs one statement as the superuser, on a connection of its own. */
  async sql<Row extends QueryResultRow>(text: string): Promise<Row[]> {
    const client = await this.connect();
    try {
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end();
    }
  }

  /** Sets what does not need a restart. */
  async configure(name: string, value: string): Promise<void> {
    await this.sql(`ALTER SYSTEM SET ${name} = '${value}'`);
    await this.sql('SELECT pg_reload_conf()');
    await waitUntil(`${name} is '${value}'`, 5_000, async () => {
      const [setting] = await this.sql<Record<string, string>>(`SHOW ${name}`);
      return Object.values(setting!)[0] === value;
    });
  }

  /** The standby becomes the primary, one that waits for no other. */
  async promote(): Promise<void> {
    // The names came with the copy; they would hold up each commit until the old primary is back.
    await this.configure('synchronous_standby_names', '');
    await this.sql('SELECT pg_promote(true, 30)');
  }

  /** From now on, each commit waits until the standby has it on disk. */
  async waitFor(standby: PostgresNode): Promise<void> {
    await this.configure('synchronous_standby_names', standby.name);
    await waitUntil(`${standby.name} is synchronous`, 30_000, async () => {
      const rows = await this.sql(
        `SELECT 1 FROM pg_stat_replication WHERE application_name = '${standby.name}'
          AND state = 'streaming' AND sync_state IN ('sync', 'quorum')`,
      );
      return rows.length === 1;
    });
  }

  /** A crash: the postmaster and all its backends are gone at once, by SIGKILL. */
  async kill9(): Promise<void> {
    await this.server?.kill();
    this.server = undefined;
  }

  /** Stops its processes where they are, as on a machine that hangs, until the other signal. */
  signalAll(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.server?.signalAll(signal);
  }

  private async remove(): Promise<void> {
    await this.clear();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async clear(): Promise<void> {
    await this.kill9();
    await removeSharedMemory(this.data);
    rmSync(this.data, { recursive: true, force: true });
  }
}

/** What a crash leaves in the kernel, for the next start to remove; but there is none in a directory that goes. */
async function removeSharedMemory(data: string): Promise<void> {
  let id: string | undefined;
  try {
    // The seventh line: a key and the segment's id.
    id = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[6]?.trim().split(/\s+/)[1];
  } catch {
    return;
  }
  if (id) await runTool('ipcrm', ['-m', id]).catch(() => {});
}
