import type { Scope } from './principal';

/** A key as it is stored. Times are RFC 3339 in UTC with milliseconds, so that they compare as text. */
export interface ApiKey {
  /** Unique, of revoked keys too. */
  readonly name: string;
  /** SHA-256 of the key. */
  readonly digest: string;
  /** The first characters of the key. */
  readonly prefix: string;
  readonly scopes: readonly Scope[];
  /** The only user whose data the key may touch; null: every user's. */
  readonly userId: string | null;
  /** The web origins that may use the key; null: any. */
  readonly origins: readonly string[] | null;
  /** Whether the key may stand in a web page. */
  readonly isPublic: boolean;
  /** Requests a second in the long run; null: that of RATE_LIMIT_PER_SECOND, or of public keys. */
  readonly ratePerSecond: number | null;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  /** Within a minute. */
  readonly lastUsedAt: string | null;
}

/** The keys of a database. Those that ended are kept, since a database that ever had a key is never open. */
export interface KeyStore {
  /** @returns false if there is a key of this name, perhaps a revoked one */
  insert(key: ApiKey): Promise<boolean>;
  /** All keys, by name, as the primary has them. */
  list(): Promise<readonly ApiKey[]>;
  /** @returns false if no key of this name is in force */
  revoke(name: string, revokedAt: string): Promise<boolean>;
  /** Notes when keys were used last. */
  noteUse(names: readonly string[], usedAt: string): Promise<void>;
}
