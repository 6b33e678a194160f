import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createDeletion, type DeletionReport } from '../../../src/logs/erasing/deletion';
import type { LogEntryRepository } from '../../../src/logs/log-entry-repository';
import { OutcomeUnknownError, StorageFullError } from '../../../src/logs/model/errors';
import { startOfFeed } from '../../../src/logs/change-store';
import { microsPerDay } from '../../../src/logs/model/instant';
import { createDatabase, dialect, type TestDatabase } from '../../support/database/database';
import { openTestStore, overrideRepository } from '../../support/database/store';
import { openPrincipal } from '../../../src/logs/access/principal';

/** The time of every deletion. */
const asOf = 50n * microsPerDay;

let database: TestDatabase;
let store: LogEntryRepository;
beforeEach(async () => {
  database = await createDatabase();
  store = await openTestStore(database.url);
  const rows = Array.from({ length: 300 }, (_, at) => `[${at},"T",{}]`).join(',');
  await store.insertSessions([{ json: `["u","s",[${rows}],0,299]`, entryCount: 300 }], 0n);
});
afterEach(async () => {
  await store.close();
  await database.remove();
});

function setUp(methods: Partial<LogEntryRepository> = {}, erasureNoticeDays = 30) {
  const reports: DeletionReport[] = [];
  let scrubCount = 0;
  const repository = overrideRepository(store, {
    async scrub() {
      scrubCount++;
      await (methods.scrub ?? store.scrub)();
    },
    ...(methods.eraseEntries && { eraseEntries: methods.eraseEntries }),
    ...(methods.changes && { changes: methods.changes }),
  });
  const onDeleted = (report: DeletionReport) => void reports.push(report);
  const now = () => asOf;
  const deletion = createDeletion({ repository, erasureNoticeDays, now, onDeleted });
  const erase = (sessionId = 's') =>
    deletion.deleteSession({ userId: 'u', sessionId, dryRun: false }, openPrincipal);
  return { deletion, erase, reports, scrubCount: () => scrubCount };
}

/** Erases one batch, then fails. */
function failAfterOne(error: Error): LogEntryRepository['eraseEntries'] {
  let isFirst = true;
  return async (query) => {
    if (!isFirst) throw error;
    isFirst = false;
    return store.eraseEntries(query);
  };
}

it('each deletion is reported with counts and the key, and no ids', async () => {
  const { deletion, erase, reports } = setUp();
  await deletion.deleteUserData({ userId: 'u', dryRun: true }, openPrincipal);
  expect(reports).toEqual([]);
  await erase();
  await deletion.deleteUserData({ userId: 'u', dryRun: false }, { ...openPrincipal, name: 'support-desk' });
  const ms = expect.any(Number);
  expect(reports).toEqual([
    { mutation: 'deleteSession', key: null, isResumed: false, deletedCount: 300, ms },
    { mutation: 'deleteUserData', key: 'support-desk', isResumed: false, deletedCount: 0, ms },
  ]);
});

describe('scrubbing', () => {
  it('is not repeated for a session without entries', async () => {
    const { deletion, erase, scrubCount } = setUp();
    await erase();
    expect(scrubCount()).toBe(1);
    expect(await erase()).toEqual({ deletedCount: 0, dryRun: false });
    await erase('no such session');
    expect(scrubCount()).toBe(1);
    // RETENTION_DAYS may have erased entries of the user without scrubbing.
    await deletion.deleteUserData({ userId: 'u', dryRun: false }, openPrincipal);
    expect(scrubCount()).toBe(2);
  });

  it('is repeated by the next call if it failed', async () => {
    let isFailing = true;
    const { erase, reports, scrubCount } = setUp({
      scrub: async () => {
        if (isFailing) throw new StorageFullError();
      },
    });
    await expect(erase()).rejects.toThrow();
    expect(reports).toMatchObject([{ deletedCount: 300, err: expect.any(StorageFullError) }]);
    isFailing = false;
    await erase();
    await erase();
    expect(scrubCount()).toBe(2);
  });

  it('is repeated by the first call after a start, since the last process may have been killed', async () => {
    const { erase, scrubCount } = setUp();
    await erase('no such session');
    await erase('no such session');
    expect(scrubCount()).toBe(1);
  });
});

describe('a deletion that stops says how many entries are erased', () => {
  it.each([
    [new StorageFullError(), 'STORAGE_FULL', 'The disk of the database is full.'],
    [new OutcomeUnknownError({}), 'SERVICE_UNAVAILABLE', 'The database failed.'],
  ])('%s', async (error, code, reason) => {
    const { erase, reports } = setUp({ eraseEntries: failAfterOne(error) });
    const message = new RegExp(`^${reason} Deletion stopped after 50 entries\\. Send the request again`);
    await expect(erase()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(reports).toMatchObject([{ deletedCount: 50, err: { code } }]);
  });

  it('when the server stops while it erases', async () => {
    const { deletion, erase, reports } = setUp({
      eraseEntries: async (query) => {
        deletion.stop();
        return store.eraseEntries(query);
      },
    });
    await expect(erase()).rejects.toThrow('The server stops. Deletion stopped after 50 entries.');
    expect(reports).toHaveLength(1);
  });

  it('when the server stops while it scrubs, and all are waited for', async () => {
    const { deletion, erase, reports } = setUp({
      scrub: () => {
        setTimeout(() => deletion.stop());
        return new Promise(() => {});
      },
    });
    const erasing = erase();
    await deletion.whenIdle();
    expect(reports).toHaveLength(1);
    await expect(erasing).rejects.toThrow(/^The entries are erased, but the server stops before their bytes/);
  });
});

// PostgreSQL has no feed yet.
(dialect === 'sqlite' ? describe : describe.skip)('the feed', () => {
  const never = () => false;
  const isDone = { mustBeLatest: true };

  async function readFeed() {
    const columns = [{ key: 'id', field: 'id' }] as const;
    const query = { filter: {}, columns, after: startOfFeed, first: 1_000, maxBytes: 1_000_000 };
    const { positions, erasures } = await store.changes.find(query, isDone);
    return { entryCount: positions.length, erasures };
  }
  const erasure = { userId: 'u', sessionId: undefined, erasedAt: asOf };

  it('tells of each deletion, also of one that finds nothing, but of no dry run', async () => {
    const { deletion, erase } = setUp();
    await deletion.deleteUserData({ userId: 'u', dryRun: true }, openPrincipal);
    expect(await readFeed()).toEqual({ entryCount: 300, erasures: [] });
    await erase();
    await deletion.deleteUserData({ userId: 'u', dryRun: false }, openPrincipal);
    expect(await readFeed()).toEqual({ entryCount: 0, erasures: [{ ...erasure, sessionId: 's' }, erasure] });
    expect(await store.changes.findUnfinished(asOf + 1n)).toEqual([]);
  });

  it('tells of it before anything is erased', async () => {
    const { erase } = setUp({
      eraseEntries: async () => {
        throw new StorageFullError();
      },
    });
    await expect(erase('s')).rejects.toThrow();
    expect(await store.changes.findUnfinished(asOf + 1n)).toMatchObject([{ sessionId: 's' }]);
  });

  it('erases nothing that cannot be told of', async () => {
    const { erase, reports } = setUp({
      changes: {
        ...store.changes,
        noteErasure: async () => {
          throw new StorageFullError();
        },
      },
    });
    await expect(erase()).rejects.toThrow(
      /^The disk of the database is full\. Deletion stopped after 0 entries/,
    );
    expect(reports).toMatchObject([{ deletedCount: 0, err: { code: 'STORAGE_FULL' } }]);
    expect(await readFeed()).toEqual({ entryCount: 300, erasures: [] });
  });

  it('keeps no notice of a completed deletion where none is to be kept, and overwrites it', async () => {
    const { erase, scrubCount } = setUp({}, 0);
    await erase();
    await erase();
    expect(await readFeed()).toEqual({ entryCount: 0, erasures: [] });
    expect(scrubCount()).toBe(2);
  });

  it('a deletion that stopped is resumed, and takes nothing that was recorded after it', async () => {
    const stopped = setUp({ eraseEntries: failAfterOne(new OutcomeUnknownError({})) });
    await expect(
      stopped.deletion.deleteUserData({ userId: 'u', dryRun: false }, openPrincipal),
    ).rejects.toThrow();
    await store.insertSessions([{ json: '["u","s",[[5,"T",{}]],5,5]', entryCount: 1 }], 0n);
    const { deletion, reports, scrubCount } = setUp();
    await deletion.resume(asOf, never);
    expect(reports).toEqual([]);
    await deletion.resume(asOf + 1n, never);
    const ms = expect.any(Number);
    expect(reports).toEqual([
      { mutation: 'deleteUserData', key: null, isResumed: true, deletedCount: 250, ms },
    ]);
    expect(scrubCount()).toBe(1);
    expect(await readFeed()).toEqual({ entryCount: 0, erasures: [erasure] });
    await deletion.resume(asOf + 1n, never);
    expect(reports).toHaveLength(1);
    const { end } = await store.changes.findEnd(isDone);
    const columns = [{ key: 'id', field: 'id' }] as const;
    const query = { filter: {}, columns, after: { ...end, id: end.id - 1 }, first: 9, maxBytes: 1_000 };
    expect((await store.changes.find(query, isDone)).positions).toEqual([end]);
  });

  it('a deletion in progress is not resumed', async () => {
    const set = setUp({
      eraseEntries: async (query) => {
        await set.deletion.resume(asOf + 1n, never);
        return store.eraseEntries(query);
      },
    });
    await set.erase();
    expect(set.reports).toMatchObject([{ isResumed: false, deletedCount: 300 }]);
  });

  it('forgets notices after their days, and overwrites them even if the first attempt fails', async () => {
    let isFailing = true;
    const { deletion, erase, scrubCount } = setUp({
      scrub: async () => {
        if (isFailing) throw new StorageFullError();
      },
    });
    await expect(erase()).rejects.toThrow();
    const isExpired = asOf + 30n * microsPerDay + 1n;
    await deletion.forget(isExpired - 1n, never);
    expect([(await readFeed()).erasures.length, scrubCount()]).toEqual([1, 1]);
    await expect(deletion.forget(isExpired, never)).rejects.toThrow();
    expect([(await readFeed()).erasures.length, scrubCount()]).toEqual([0, 2]);
    isFailing = false;
    await deletion.forget(isExpired, never);
    await deletion.forget(isExpired, never);
    expect(scrubCount()).toBe(3);
  });
});
