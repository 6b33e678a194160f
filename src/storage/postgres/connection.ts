import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ClientBase } from 'pg';
import { timeouts } from './timeouts';

/** How often a connection in use is checked again: the mode of a pooler may change. */
const checkMs = 60_000;

/** A connection that executed nothing and must not be used; SQLSTATE of a protocol violation. */
export class UnfitConnectionError extends Error {
  readonly code = '08P01';
}

interface Expected {
  readonly sql: string;
  readonly row: readonly unknown[];
  checkedAt: number;
}

const expected = new WeakMap<ClientBase, Expected>();

/**
 * Sets what a connection needs, and checks in a second transaction that it is still set: a pooler that pools by
 * transaction gives each one any backend.
 * @throws {UnfitConnectionError} if the connection cannot be used
 */
export async function setUpConnection(
  client: ClientBase,
  settings: Readonly<Record<string, string | number>>,
): Promise<void> {
  // The mark finds another client on the same backend, which a pooler that pools by session resets before.
  const marked = { ...settings, 'log_manager.client': randomUUID() };
  const names = Object.keys(marked).map((name) => `'${name}'`);
  const set = Object.entries(marked).map(([name, value]) => `set_config('${name}', '${value}', false)`);
  const sql = `SELECT coalesce(current_setting('log_manager.client', true), ''), pg_backend_pid(), ${set.join(', ')}`;
  const [mark, ...row] = await readRow(client, sql);
  if (mark !== '') throw pooled();
  const show = names.map((name) => `current_setting(${name}, true)`).join(', ');
  const isReadOnly = 'default_transaction_read_only' in settings;
  const durable = isReadOnly
    ? `'on', 'on'`
    : `current_setting('fsync'), current_setting('synchronous_commit')`;
  const check = { sql: `SELECT ${durable}, pg_backend_pid(), ${show}`, row, checkedAt: 0 };
  expected.set(client, check);
  await checkConnection(client);
}

/** Whether the last check was a minute ago, or more. */
export function isCheckDue(client: ClientBase): boolean {
  return performance.now() - (expected.get(client)?.checkedAt ?? Infinity) > checkMs;
}

/** @throws {UnfitConnectionError} if the connection cannot be used any more */
export async function checkConnection(client: ClientBase): Promise<void> {
  const check = expected.get(client)!;
  const [fsync, commit, ...row] = await readRow(client, check.sql);
  if (!isDeepStrictEqual(row, check.row)) throw pooled();
  if (fsync !== 'on' || commit === 'off') {
    throw new UnfitConnectionError(
      'commits of this PostgreSQL are not durable. ' +
        `fsync must be on (it is ${String(fsync)}), and synchronous_commit must not be off (it is ${String(commit)}).`,
    );
  }
  check.checkedAt = performance.now();
}

/** The backend's process id, which a pooler hides from the driver. */
export function backendOf(client: ClientBase): string {
  return String(expected.get(client)?.row[0]);
}

async function readRow(client: ClientBase, text: string): Promise<unknown[]> {
  const query = { text, rowMode: 'array', query_timeout: timeouts.connectMs } as const;
  return (await client.query<unknown[]>(query)).rows[0]!;
}

function pooled(): UnfitConnectionError {
  return new UnfitConnectionError(
    'a connection pooler, such as PgBouncer, pools by transaction or by statement: settings and prepared ' +
      'statements get lost. Set it to pool by session (PgBouncer: pool_mode = session, server_reset_query = ' +
      'DISCARD ALL), or use the address of PostgreSQL.',
  );
}
