import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';

export const createEpoch = (): string => randomBytes(8).toString('hex');

/** What tells a database from its restored or copied ones. */
interface Identity {
  /** Of the cluster; null where the role may not read it. */
  readonly system: string | null;
  /** `oid` of the database. */
  readonly database: string;
}

interface Feed extends Identity {
  /** Added to the ids of transactions. */
  readonly offset: string;
}

const currentDatabase = '(SELECT oid::bigint FROM pg_database WHERE datname = current_database())';

/** Any role may, unless it was revoked; some managed services refuse it. */
const readSystem = 'SELECT system_identifier::text AS system FROM pg_control_system()';

const select = `SELECT system_identifier AS system, database_oid::text AS database,
  commit_offset::text AS offset FROM feed`;

/** The greatest id of a commit that is stored, and that of the next one; ids of transactions restart in a new cluster. */
const selectCommits = `SELECT greatest(
    (SELECT max(commit_id) FROM log_entry), (SELECT max(commit_id) FROM erasure), 0)::text AS greatest,
  (SELECT commit_offset FROM feed)
    + pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next`;

/**
 * Gives the database an epoch if it has none, or if it was restored or copied since: then commits also get ids greater
 * than all that are stored. Takes a lock that blocks all statements on entries only in the second case.
 * @param manager in a transaction that other instances wait for
 */
export async function takeEpoch(manager: EntityManager): Promise<void> {
  const identity = await identify(manager);
  const [feed] = await manager.query<Feed[]>(select);
  if (!feed) return insertFeed(manager, identity);
  const [commits] = await manager.query<{ greatest: string; next: string }[]>(selectCommits);
  const { greatest, next } = commits!;
  const hasMoved = feed.database !== identity.database || isOther(feed.system, identity.system);
  if (hasMoved || BigInt(greatest) >= BigInt(next)) {
    await setOffset(manager, greatest);
    await manager.query('UPDATE feed SET epoch = $1', [createEpoch()]);
  } else if (feed.system !== null || identity.system === null) return;
  await manager.query('UPDATE feed SET system_identifier = $1, database_oid = $2', [
    identity.system,
    identity.database,
  ]);
}

async function insertFeed(manager: EntityManager, { system, database }: Identity): Promise<void> {
  await manager.query('INSERT INTO feed VALUES ($1, $2, $3, 0)', [createEpoch(), system, database]);
}

/** Commits that come get ids greater than `offset`. Waits for the transactions that write entries. */
async function setOffset(manager: EntityManager, offset: string): Promise<void> {
  const [feed] = await manager.query<Feed[]>(select);
  if (feed!.offset === offset) return;
  for (const table of ['log_entry', 'erasure']) {
    await manager.query(`ALTER TABLE ${table} ALTER COLUMN commit_id
      SET DEFAULT pg_current_xact_id()::text::bigint + ${offset}`);
  }
  await manager.query('UPDATE feed SET commit_offset = $1', [offset]);
}

async function identify(manager: EntityManager): Promise<Identity> {
  const [{ database }] = await manager.query<[{ database: string }]>(
    `SELECT ${currentDatabase}::text AS database`,
  );
  await manager.query('SAVEPOINT identify');
  try {
    const [{ system }] = await manager.query<[{ system: string }]>(readSystem);
    return { system, database };
  } catch {
    await manager.query('ROLLBACK TO SAVEPOINT identify');
    return { system: null, database };
  }
}

/** Unknown identifiers are equal to any. */
function isOther(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && one !== other;
}
