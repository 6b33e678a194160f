import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createKeyText } from '../../../src/logs/access/api-key';
import type { ApiKey, KeyStore } from '../../../src/logs/access/key-store';
import { keyringIntervals, openKeyring, type Keyring } from '../../../src/logs/access/keyring';
import { toStoredKey } from '../../support/server/keyed-server';

const { refreshMs, noteUseMs } = keyringIntervals;
const start = Date.parse('2026-06-01T00:00:00Z');

/** The rows of the table, and what is asked of it. */
let rows: ApiKey[];
let isAway: boolean;
let notes: { readonly names: readonly string[]; readonly usedAt: string }[];
let errors: string[];
let closings: number;
let keyring: Keyring | undefined;
const answer = <Result>(result: Result): Promise<Result> =>
  isAway ? Promise.reject(new Error('away')) : Promise.resolve(result);
const store: KeyStore = {
  insert: () => answer(true),
  revoke: () => answer(true),
  list: () => answer([...rows]),
  noteUse: (names: readonly string[], usedAt: string) => {
    notes.push({ names, usedAt });
    return answer(undefined);
  },
};

beforeEach(() => {
  jest.useFakeTimers({ now: start });
  [rows, isAway, notes, errors, closings] = [[], false, [], [], 0];
});
afterEach(async () => {
  await keyring?.close();
  jest.useRealTimers();
});

async function open(options: { adminKeys?: string[]; isAuthOff?: boolean } = {}): Promise<Keyring> {
  const onError = (_error: unknown, message: string): void => void errors.push(message);
  const onClosed = (): void => {
    closings++;
  };
  const defaults = { store, adminKeys: [], isAuthOff: false, onError, onClosed };
  return (keyring = await openKeyring({ ...defaults, ...options }));
}

/** Adds a key to the table, and returns its text. */
function make(name: string, key: Partial<ApiKey> = {}): string {
  const text = createKeyText();
  rows.push(toStoredKey(text, { ...key, name }));
  return text;
}

const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);

it.each([
  ['an open server', {}, 1],
  ['a server with an admin key', { adminKeys: ['x'.repeat(32)] }, 0],
  ['a server without authentication', { isAuthOff: true }, 0],
])('the first key closes %s once, if at all', async (_name, options, count) => {
  await open(options);
  await pass(refreshMs);
  expect(closings).toBe(0);
  make('a');
  await pass(2 * refreshMs);
  make('b');
  await pass(2 * refreshMs);
  expect(closings).toBe(count);
});

it('a server that starts with a key is not closed by it', async () => {
  make('a');
  await open();
  await pass(2 * refreshMs);
  expect(closings).toBe(0);
});

describe('a key', () => {
  it('is found after the next reading, and no longer after it was revoked', async () => {
    const { find } = await open();
    const text = make('a');
    expect(find(text)).toBeUndefined();
    await pass(refreshMs);
    expect(find(text)?.principal.name).toBe('a');
    rows = rows.map((row) => ({ ...row, revokedAt: '2026-06-01T00:00:02Z' }));
    await pass(refreshMs);
    expect(find(text)).toBeUndefined();
  });

  it('counts within 5 s on every instance: two readings, and the time limit of one', () => {
    expect(2 * refreshMs).toBeLessThan(5_000);
  });

  it('ends at the very millisecond, without a reading', async () => {
    const text = make('a', { expiresAt: new Date(start + 500).toISOString() });
    const { find } = await open();
    await pass(499);
    expect(find(text)).toBeDefined();
    await pass(1);
    expect(find(text)).toBeUndefined();
  });

  it.each(['', 'lm_', 'x'.repeat(20_000), createKeyText(), 'ADMIN_KEY'])(
    'is not found: %.20s',
    async (text) => {
      make('a');
      const { find } = await open({ adminKeys: ['s'.repeat(32)] });
      expect(find(text)).toBeUndefined();
    },
  );

  it('of the environment is found, whatever the table says', async () => {
    const [first, second] = ['s'.repeat(32), createKeyText()] as const;
    const { find, isOpen } = await open({ adminKeys: [first, second] });
    await pass(refreshMs);
    expect([first, second].map((text) => find(text)?.principal.name)).toEqual(['ADMIN_KEY', 'ADMIN_KEY']);
    expect(isOpen()).toBe(false);
    await pass(noteUseMs);
    expect(notes).toEqual([]);
  });
});

describe('while the database is away', () => {
  it('the keys read last stay in force, and it is read again when it is back', async () => {
    const text = make('a');
    const { find, isOpen } = await open();
    isAway = true;
    await pass(10 * refreshMs);
    expect([find(text)?.principal.name, isOpen()]).toEqual(['a', false]);
    expect(errors).toEqual(Array(10).fill('keys not read: those read last stay in force'));
    isAway = false;
    rows = [];
    await pass(refreshMs);
    expect([find(text), isOpen()]).toEqual([undefined, false]);
  });

  it('a key that expires ends all the same', async () => {
    const text = make('a', { expiresAt: new Date(start + refreshMs).toISOString() });
    const { find } = await open();
    isAway = true;
    await pass(refreshMs);
    expect(find(text)).toBeUndefined();
  });

  it('at the start, the keys are not taken for none', async () => {
    isAway = true;
    await expect(open()).rejects.toThrow('away');
  });

  it('slow answers are not asked for twice, and never replace newer ones', async () => {
    const { find } = await open();
    const text = make('a');
    let sendLate!: (rows: ApiKey[]) => void;
    const late = new Promise<ApiKey[]>((resolve) => (sendLate = resolve));
    const list = jest.spyOn(store, 'list').mockReturnValueOnce(late);
    await pass(3 * refreshMs);
    expect(list).toHaveBeenCalledTimes(1);
    sendLate([]);
    await pass(refreshMs);
    expect(find(text)).toBeDefined();
    list.mockRestore();
  });
});

describe('a server', () => {
  it('is open without a key, and never again once there was one', async () => {
    const { isOpen } = await open();
    expect(isOpen()).toBe(true);
    make('a', { revokedAt: '2026-01-01T00:00:00Z' });
    await pass(refreshMs);
    expect(isOpen()).toBe(false);
    rows = [];
    await pass(refreshMs);
    expect(isOpen()).toBe(false);
  });

  it.each(['revokedAt', 'expiresAt'])('is not open if all keys have ended: %s', async (field) => {
    make('a', { [field]: '2026-01-01T00:00:00Z' });
    expect((await open()).isOpen()).toBe(false);
  });

  it('is open with AUTH=none, whatever keys there are', async () => {
    make('a');
    expect((await open({ isAuthOff: true, adminKeys: ['s'.repeat(32)] })).isOpen()).toBe(true);
  });
});

describe('the last use of a key', () => {
  it('is noted once a minute at most, and when the server stops', async () => {
    const [a, b] = [make('a'), make('b')];
    const { find, close } = await open();
    for (let second = 0; second < 150; second++) {
      find(a);
      if (second < 30) find(b);
      await pass(1_000);
    }
    const at = (ms: number): string => new Date(start + ms).toISOString();
    expect(notes).toEqual([
      { names: ['a', 'b'], usedAt: at(noteUseMs) },
      { names: ['a'], usedAt: at(2 * noteUseMs) },
    ]);
    await close();
    expect(notes[2]).toEqual({ names: ['a'], usedAt: at(150_000) });
    keyring = undefined;
  });

  it('is not noted for keys that are refused or not used', async () => {
    const [expired] = [make('a', { expiresAt: '2026-01-01T00:00:00Z' }), make('b')];
    const { find } = await open();
    find(expired);
    await pass(3 * noteUseMs);
    expect(notes).toEqual([]);
  });
});
