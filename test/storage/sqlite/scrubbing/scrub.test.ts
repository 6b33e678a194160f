import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { promises, readFileSync } from 'node:fs';
import { Database } from 'sqlite3';
import type { LogEntryRepository } from '../../../../src/logs/log-entry-repository';
import { scrubWaits } from '../../../../src/storage/sqlite/scrubbing/scrub';
import { createDatabase, type TestDatabase } from '../../../support/database/database';
import { checkIntegrity } from '../../../support/database/integrity';
import { openTestStore } from '../../../support/database/store';

const latest = { mustBeLatest: true };

let database: TestDatabase;
let store: LogEntryRepository;
beforeEach(async () => {
  database = await createDatabase();
  store = await openTestStore(database.url);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await store.close();
  await database.remove();
});

const path = () => database.url.replace('sqlite:', '');

/** Records sessions of users whose ids are found nowhere else. */
async function fill(users: number): Promise<void> {
  for (let round = 0; round < 12; round++) {
    const sessions = Array.from({ length: users }, (_, at) => {
      const time = 1_000_000 - round * 1_000 + ((at * 7_919) % 1_000);
      const rows = `[${time},"T",{"text":"${'x'.repeat((at * 13) % 300)}"}]`;
      return { json: `["person-${at}-x","s${at}",[${rows}],${time},${time}]`, entryCount: 1 };
    });
    await store.insertSessions(sessions, 0n);
  }
}

/** As another program would, which overwrites nothing. */
const withoutSecureDelete = (sql: string) =>
  database.execute(`PRAGMA secure_delete = OFF; ${sql}; PRAGMA wal_checkpoint(TRUNCATE)`);

function countInFiles(text: string): number {
  const bytes = Buffer.concat([readFileSync(path()), readFileSync(`${path()}-wal`)]);
  let count = 0;
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) count++;
  return count;
}

describe('scrubbing a store', () => {
  it('overwrites what others have deleted without doing so, and changes nothing else', async () => {
    await fill(300);
    await withoutSecureDelete(
      `DELETE FROM log_entry WHERE user_id = 'person-7-x'; DELETE FROM session WHERE user_id = 'person-7-x'`,
    );
    expect(countInFiles('person-7-x')).toBeGreaterThan(0);
    await store.scrub();
    expect(countInFiles('person-7-x')).toBe(0);
    expect(await checkIntegrity(path())).toEqual([]);
    const filter = { userIds: ['person-8-x'] };
    expect(await store.countEntries(filter, 100, { mustBeLatest: true })).toBe(12);
  });

  it('leaves a database alone whose pages cannot be told from each other, and says what to do', async () => {
    await fill(300);
    await database.execute('PRAGMA auto_vacuum = INCREMENTAL; VACUUM');
    await expect(store.scrub()).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.stringContaining('PRAGMA auto_vacuum = NONE'),
    });
    expect(await checkIntegrity(path())).toEqual([]);
  });

  it('leaves a file of more than 33 million pages alone', async () => {
    const { open } = promises;
    jest.spyOn(promises, 'open').mockImplementationOnce(async (...args) => {
      const handle = await open(...args);
      jest.spyOn(handle, 'stat').mockResolvedValue({ size: 33_554_432 * 4_096 } as never);
      return handle;
    });
    await expect(store.scrub()).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.stringContaining('33 million pages'),
    });
  });

  it('waits 60 s for a reader of another process, and says that the entries are erased', async () => {
    await fill(1);
    await database.execute('BEGIN; SELECT * FROM log_entry');
    await fill(1);
    let error: unknown;
    const scrubbing = store.scrub().catch((reason: unknown) => (error = reason));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const startedAt = performance.now();
    const clock = jest.spyOn(performance, 'now').mockReturnValue(startedAt + 59_000);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(error).toBeUndefined();
    clock.mockReturnValue(startedAt + 61_000);
    await scrubbing;
    clock.mockRestore();
    expect(error).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.stringMatching(/^The entries are erased, .* a long read prevents that/),
    });
    await database.execute('ROLLBACK');
    await store.scrub();
  });

  it.each(['ENOENT', 'EACCES', 'EMFILE'])(
    'says that the entries are erased, and what is not done, after %s',
    async (code) => {
      await fill(1);
      const error = Object.assign(new Error(code), { code });
      jest.spyOn(promises, 'open').mockRejectedValueOnce(error);
      await expect(store.scrub()).rejects.toMatchObject({
        code: 'SERVICE_UNAVAILABLE',
        message:
          'The entries are erased, but their bytes are not yet overwritten in the database files: ' +
          `the database failed (${code}). Send the request again later.`,
      });
      await store.scrub();
    },
  );

  it.each([
    // A bounded read stays prepared.
    [
      'bounded',
      () => store.findEntries({ filter: {}, columns: [], limit: 1 }, latest),
      { objects: Buffer.from('1') },
    ],
    ['expensive', () => store.countEntries({}, 100, { ...latest, client: () => 'c' }), 12],
  ])('interrupts a slow %s read, which is then executed again', async (_class, read, result) => {
    await fill(1);
    jest.replaceProperty(scrubWaits, 'expensiveMs', 50 as never);
    const { prepare } = Database.prototype;
    const endlessWithSessions = `WITH RECURSIVE n(i) AS (
        SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE EXISTS (SELECT 1 FROM session))
      SELECT count(*) AS count, CAST(count(*) AS BLOB) AS objects FROM n`;
    const started = new Promise<void>((resolve) => {
      jest.spyOn(Database.prototype, 'prepare').mockImplementationOnce(function (this: Database, ...args) {
        const onPrepared = args.at(-1) as (error: Error | null) => void;
        return prepare.call(this, endlessWithSessions, (error: Error | null) => {
          onPrepared(error);
          resolve();
        });
      });
    });
    const reading = read();
    await started;
    await database.execute('DELETE FROM session');
    await store.scrub();
    expect(await reading).toEqual(result);
  });

  it('does not keep reads waiting for long', async () => {
    await fill(300);
    let longest = 0;
    let isDone = false;
    const reading = (async () => {
      while (!isDone) {
        const startedAt = performance.now();
        await store.ping();
        longest = Math.max(longest, performance.now() - startedAt);
      }
    })();
    for (let time = 0; time < 5; time++) await Promise.all([store.scrub(), fill(50)]);
    isDone = true;
    await reading;
    expect(longest).toBeLessThan(1_000);
  });
});
