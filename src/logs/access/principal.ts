import { ForbiddenError } from '../model/errors';

/** What a key may do, as bits of a mask. */
export const scopeBits = { record: 1, read: 2, erase: 4, admin: 8 } as const;

/** `admin` implies the others. */
export type Scope = keyof typeof scopeBits;

/** In the order of their bits. */
export const scopeNames = Object.keys(scopeBits) as readonly Scope[];

/** Maximum number of actions in a session with a public key. */
export const maxPublicActions = 100;

/** Who sends a request, and what the request may do. */
export interface Principal {
  /** The name of the key; null without one, in open mode. */
  readonly name: string | null;
  /** The scopes as bits. Those of an admin are all of them. */
  readonly scopes: number;
  /** The only user whose data may be recorded, read and erased; undefined: every user's. */
  readonly userId: string | undefined;
  /** When the key ends, as RFC 3339; null: never. */
  readonly expiresAt: string | null;
  /** Whether the key stands in web pages, so that it is no secret. */
  readonly isPublic: boolean;
}

const allScopes = scopeNames.reduce((mask, name) => mask | scopeBits[name], 0);

/** Everybody, in open mode. */
export const openPrincipal: Principal = {
  name: null,
  scopes: allScopes,
  userId: undefined,
  expiresAt: null,
  isPublic: false,
};

/** The bits of scopes; all of them for `admin`. */
export function toMask(scopes: readonly Scope[]): number {
  return scopes.includes('admin') ? allScopes : scopes.reduce((mask, scope) => mask | scopeBits[scope], 0);
}

/** The names of the scopes in a mask. */
export function namesOf(mask: number): Scope[] {
  return scopeNames.filter((name) => (mask & scopeBits[name]) !== 0);
}

/** @throws {ForbiddenError} naming the scopes that the principal lacks */
export function requireScopes({ scopes }: Principal, required: number): void {
  const missing = required & ~scopes;
  if (missing === 0) return;
  const list = namesOf(missing).join(' and ');
  throw new ForbiddenError(`The key lacks the scope ${list}. Use a key that has it: log-manager keys list.`);
}

/** @throws {ForbiddenError} if the key is bound to another user */
export function requireUser({ userId: own }: Principal, userId: string): void {
  if (own !== undefined && own !== userId) {
    throw new ForbiddenError('The key is bound to one user, and the request names another one.');
  }
}

/** The answer to `viewer`. */
export function toViewer({ name, scopes, userId, expiresAt }: Principal) {
  const names = namesOf(scopes).map((scope) => scope.toUpperCase() as Uppercase<Scope>);
  return { name, scopes: names, userId: userId ?? null, expiresAt };
}
