import { digestKey, isKeyText } from './api-key';
import type { ApiKey, KeyStore } from './key-store';
import { openPrincipal, toMask, type Principal } from './principal';

/** Milliseconds. */
export const keyringIntervals = {
  /** Between two readings of the keys: a revoked key ends on every instance within 5 s. */
  refreshMs: 2_000,
  /** Between two notes of when a key was used. */
  noteUseMs: 60_000,
};

/** A key in force, and the principal of the requests that bear it. */
export interface KnownKey {
  readonly principal: Principal;
  /** Lower-case web origins; undefined: any. */
  readonly origins: ReadonlySet<string> | undefined;
  readonly ratePerSecond: number | undefined;
  /** Milliseconds since 1970; Infinity: never. */
  readonly endsAtMs: number;
}

export interface KeyringOptions {
  readonly store: KeyStore;
  /** Secrets of the operator that have every scope. */
  readonly adminKeys: readonly string[];
  /** Whether no request needs a key, whatever keys there are. */
  readonly isAuthOff: boolean;
  /** Called with errors of the store. The keys read last stay in force. */
  readonly onError: (error: unknown, message: string) => void;
  /** Called when the first key closes an open server. */
  readonly onClosed: () => void;
}

/** The keys of the server, in memory: a request reads no database. */
export type Keyring = Awaited<ReturnType<typeof openKeyring>>;

/**
 * Reads the keys, and reads them anew every 2 s.
 * @throws {Error} of the store, when the keys cannot be read at first
 */
export async function openKeyring(options: KeyringOptions) {
  const { store, adminKeys, isAuthOff, onError, onClosed } = options;
  const admin: KnownKey = {
    principal: { ...openPrincipal, name: 'ADMIN_KEY' },
    origins: undefined,
    ratePerSecond: undefined,
    endsAtMs: Infinity,
  };
  // By digest, so that the time of a comparison tells nothing of a secret.
  const adminKeyring = adminKeys.map((text) => [digestKey(text), admin] as const);
  let byDigest = new Map<string, KnownKey>();
  /** Once true, it stays true. */
  let wasKeyMade = false;
  /** Keys by their text that were found since the last reading: SHA-256 would take half of the time of a check. */
  let found = new Map<string, KnownKey>();
  /** Without admin keys, which may have any form, a mistyped key is not looked up. */
  const mayBeKey = (text: string): boolean => adminKeys.length > 0 || isKeyText(text);
  const usedNames = new Set<string>();
  let reading: Promise<void> | undefined;

  const isOpen = (): boolean => isAuthOff || (!wasKeyMade && adminKeys.length === 0);

  async function read(): Promise<void> {
    const keys = await store.list();
    wasKeyMade ||= keys.length > 0;
    const inForce = keys.filter(({ revokedAt }) => revokedAt === null);
    byDigest = new Map([...inForce.map((key) => [key.digest, toKnown(key)] as const), ...adminKeyring]);
    found = new Map();
  }

  const refresh = (): void => {
    const wasOpen = isOpen();
    // One at a time: an older answer must not replace a newer one.
    reading ??= read()
      .then(() => {
        if (wasOpen && !isOpen()) onClosed();
      })
      .catch((error: unknown) => onError(error, 'keys not read: those read last stay in force'))
      .finally(() => (reading = undefined));
  };

  async function noteUse(): Promise<void> {
    if (usedNames.size === 0) return;
    const names = [...usedNames];
    usedNames.clear();
    await store
      .noteUse(names, new Date().toISOString())
      .catch((error: unknown) => onError(error, 'last use of keys not noted'));
  }

  await read();
  const { refreshMs, noteUseMs } = keyringIntervals;
  const timers = [setInterval(refresh, refreshMs), setInterval(() => void noteUse(), noteUseMs)];
  // A server that could not listen ends without closing its keys.
  for (const timer of timers) timer.unref();

  return {
    /** Whether requests need no key. */
    isOpen,

    /** The key of a text in force at this time; undefined: unknown, revoked or expired. */
    find(text: string): KnownKey | undefined {
      const key = found.get(text) ?? (mayBeKey(text) ? byDigest.get(digestKey(text)) : undefined);
      if (key === undefined || key.endsAtMs <= Date.now()) return undefined;
      found.set(text, key);
      if (key !== admin) usedNames.add(key.principal.name!);
      return key;
    },

    async close(): Promise<void> {
      for (const timer of timers) clearInterval(timer);
      await reading;
      await noteUse();
    },
  };
}

function toKnown({ name, scopes, userId, origins, expiresAt, isPublic, ratePerSecond }: ApiKey): KnownKey {
  return {
    principal: { name, scopes: toMask(scopes), userId: userId ?? undefined, expiresAt, isPublic },
    origins: origins ? new Set(origins) : undefined,
    ratePerSecond: ratePerSecond ?? undefined,
    endsAtMs: expiresAt === null ? Infinity : Date.parse(expiresAt),
  };
}
