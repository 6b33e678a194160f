import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createDeletion, type DeletionReport } from '../../../src/logs/erasing/deletion';
import type { LogEntryRepository } from '../../../src/logs/log-entry-repository';
import { OutcomeUnknownError, StorageFullError } from '../../../src/logs/model/errors';
import { createDatabase, type TestDatabase } from '../../support/database/database';
import { openTestStore, overrideRepository } from '../../support/database/store';
import { openPrincipal } from '../../../src/logs/access/principal';

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

function setUp(methods: Partial<LogEntryRepository> = {}) {
  const reports: DeletionReport[] = [];
  let scrubCount = 0;
  const repository = overrideRepository(store, {
    async scrub() {
      scrubCount++;
      await (methods.scrub ?? store.scrub)();
    },
    ...(methods.eraseEntries && { eraseEntries: methods.eraseEntries }),
  });
  const deletion = createDeletion(repository, (report) => reports.push(report));
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
    { mutation: 'deleteSession', key: null, deletedCount: 300, ms },
    { mutation: 'deleteUserData', key: 'support-desk', deletedCount: 0, ms },
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
