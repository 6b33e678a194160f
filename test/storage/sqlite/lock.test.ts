import { createReadContext } from '../../../src/logs/model/read-context';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DatabaseBusyError } from '../../../src/logs/model/errors';
import type { LogEntryRepository } from '../../../src/logs/log-entry-repository';
import { readEntries } from '../../../src/logs/reading/entries';
import type { Recorder } from '../../../src/logs/recording/recorder';
import { createTestServices } from '../../graphql/support/graphql';
import { createSqliteFile, type SqliteFile } from '../../support/database/sqlite-file';
import { openTestStore } from '../../support/database/store';
import { openPrincipal } from '../../../src/logs/access/principal';

const busyTimeoutMs = 800;
const slackMs = 300;

let file: SqliteFile;
let store: LogEntryRepository;
let recorder: Recorder;
beforeEach(async () => {
  file = createSqliteFile();
  store = await openTestStore(file.url, { DATABASE_BUSY_TIMEOUT_MS: String(busyTimeoutMs) });
  ({ recorder } = createTestServices(store));
});
afterEach(async () => {
  await store.close();
  await file.remove();
});

const record = (type: string) =>
  recorder.recordSession(
    {
      userId: 'u',
      sessionId: 's',
      actions: [{ time: '2026-01-01T00:00:00Z', type }],
    },
    openPrincipal,
  );

async function readTypes(): Promise<string[]> {
  const context = createReadContext({ mustBeLatest: true, maxEntries: 100 });
  const parts = await readEntries(store, {}, [{ key: 'type', field: 'type' }], context);
  const entries = JSON.parse(parts.join('')) as { type: string }[];
  return entries.map(({ type }) => type);
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('sessions that come while another process holds the lock of the file', () => {
  it('are stored when it is free in time, in the order in which they came', async () => {
    await file.execute('BEGIN IMMEDIATE');
    const sessions = [record('a')];
    await wait(300);
    sessions.push(record('b'));
    await wait(200);
    await file.execute('ROLLBACK');
    await Promise.all(sessions);
    expect(await readTypes()).toEqual(['a', 'b']);
  });

  it('are committed, though another statement has met the lock just before', async () => {
    await file.execute('BEGIN IMMEDIATE');
    await expect(store.deleteIdempotencyKeys(0n, 1)).rejects.toBeInstanceOf(DatabaseBusyError);
    await file.execute('ROLLBACK');
    await record('a');
    // A transaction left open would keep others from writing, and from seeing the session.
    await file.execute('BEGIN IMMEDIATE');
    await file.execute('ROLLBACK');
    const other = await openTestStore(file.url);
    expect(await other.countEntries({}, 10, { mustBeLatest: true })).toBe(1);
    await other.close();
  });

  it('are refused within the time-out, each from when it came, while reads are answered', async () => {
    await record('before');
    await file.execute('BEGIN IMMEDIATE');
    const refuse = async (): Promise<number> => {
      const startedAt = performance.now();
      await expect(record('refused')).rejects.toBeInstanceOf(DatabaseBusyError);
      return performance.now() - startedAt;
    };
    const refused: Promise<number>[] = [];
    const reads: number[] = [];
    for (let at = 0; at < 12; at++) {
      refused.push(refuse());
      const startedAt = performance.now();
      // More at once than there are readers.
      await Promise.all(Array.from({ length: 8 }, () => readTypes()));
      reads.push(performance.now() - startedAt);
      await wait(100);
    }
    for (const ms of await Promise.all(refused)) {
      // A try takes 200 ms; none begins that would end too late.
      expect(ms).toBeGreaterThan(busyTimeoutMs - 2 * 200);
      expect(ms).toBeLessThan(busyTimeoutMs + slackMs);
    }
    expect(Math.max(...reads)).toBeLessThan(200);
    await file.execute('ROLLBACK');
    await record('after');
    expect(await readTypes()).toEqual(['before', 'after']);
  });
});
