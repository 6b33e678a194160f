import type { ApiKey, KeyStore } from '../logs/access/key-store';
import type { Scope } from '../logs/access/principal';

/** Executes statements on the primary. Values are bound in the order of their first use. */
export interface KeyStatements {
  readonly read: <Row>(sql: string) => Promise<Row[]>;
  /** One statement, which commits. */
  readonly write: <Row>(sql: string, values: readonly string[]) => Promise<Row[]>;
}

/** A row of the table. Lists are separated by commas; flags and absent values are null or a text. */
type Row = { readonly [column in keyof ApiKey]: string | null };

/** The columns of the table, by field. */
export const columns = {
  name: 'name',
  digest: 'digest',
  prefix: 'prefix',
  scopes: 'scopes',
  userId: 'user_id',
  origins: 'origins',
  isPublic: 'is_public',
  ratePerSecond: 'rate_per_second',
  createdAt: 'created_at',
  expiresAt: 'expires_at',
  revokedAt: 'revoked_at',
  lastUsedAt: 'last_used_at',
} as const satisfies Record<keyof ApiKey, string>;
const fields = Object.keys(columns) as (keyof ApiKey)[];

const select = `SELECT ${fields.map((field) => `${columns[field]} AS "${field}"`).join(', ')}
  FROM api_key ORDER BY name`;
const insert = `INSERT INTO api_key (${Object.values(columns).join(', ')})
  VALUES (${fields.map((_field, at) => `nullif($${at + 1}, '')`).join(', ')})
  ON CONFLICT DO NOTHING RETURNING name`;
const revoke = 'UPDATE api_key SET revoked_at = $1 WHERE name = $2 AND revoked_at IS NULL RETURNING name';
const noteUse = 'UPDATE api_key SET last_used_at = $1 WHERE name = $2';

/** The keys in a database: the same SQL for SQLite and PostgreSQL. */
export function createKeyStore({ read, write }: KeyStatements): KeyStore {
  return {
    async insert(key) {
      const values = fields.map((field) => toText(key[field]));
      return (await write(insert, values)).length > 0;
    },

    async list() {
      return (await read<Row>(select)).map(toKey);
    },

    async revoke(name, revokedAt) {
      return (await write(revoke, [revokedAt, name])).length > 0;
    },

    async noteUse(names, usedAt) {
      for (const name of names) await write(noteUse, [usedAt, name]);
    },
  };
}

function toText(value: ApiKey[keyof ApiKey]): string {
  return typeof value === 'object' ? (value?.join(',') ?? '') : value === false ? '' : String(value);
}

function toKey(row: Row): ApiKey {
  const { scopes, origins, isPublic, ratePerSecond } = row;
  return {
    ...row,
    scopes: scopes!.split(',') as Scope[],
    origins: origins?.split(',') ?? null,
    isPublic: isPublic !== null,
    ratePerSecond: ratePerSecond === null ? null : Number(ratePerSecond),
  } as ApiKey;
}
