import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { call } from '../support/journal/api';
import { cleanUp } from '../support/processes/children';
import { freePorts } from '../support/processes/free-ports';
import { Instance } from '../support/processes/instances';
import { Journal, startWriters, type Writers } from '../support/journal/journal';
import { checkJournal } from '../support/journal/journal-check';
import { report } from '../support/processes/programs';
import { startReaders, type Readers } from '../support/journal/readers';
import { checkIntegrity } from '../support/database/integrity';
import { storedSessions } from '../support/journal/stored-sessions';
import { askableAt } from './support/askable';
import { newSqliteFile, type SqliteFile } from './support/sqlite-file';
import { describeDurability } from './support/suites';

const userId = 'user-to-be-forgotten-4711';
const entryCount = 20_000;
const sessionLength = 200;
const otherSessionCount = 6_000;
const record = `mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }`;
const erase = `mutation ($userId: String!, $dryRun: Boolean!) {
  deleteUserData(userId: $userId, dryRun: $dryRun) { deletedCount dryRun }
}`;
const eraseSession = `mutation ($userId: String!, $sessionId: String!) {
  deleteSession(userId: $userId, sessionId: $sessionId) { deletedCount dryRun }
}`;

describeDurability('a user who is erased while others write and read', [], () => {
  const journal = new Journal({ hasKeys: true });
  let file: SqliteFile;
  let instance: Instance;
  let writers: Writers | undefined;
  let readers: Readers | undefined;

  beforeAll(async () => {
    file = newSqliteFile();
    const [port] = (await freePorts(1)) as [number];
    instance = new Instance('instance', port, { DATABASE_URL: file.url, ERASURE_NOTICE_DAYS: '0' });
    await instance.start();
    await inParallel(otherSessionCount, (at) => journal.send(instance.url, `other-${at}`));
    await inParallel(entryCount / sessionLength, async (at) => {
      const reply = await call(instance.url, record, { input: sessionAt(at) });
      if (!reply.isAnswered || !reply.body?.data) throw new Error(JSON.stringify(reply));
    });
    writers = startWriters(journal, [instance.url], { count: 4, pauseMs: 20 });
    readers = startReaders(journal, [instance.url], { count: 2, pauseMs: 10 });
  }, 120_000);
  afterAll(async () => {
    await Promise.all([writers?.stop(), readers?.stop()]);
    await cleanUp();
  });

  const ask = async (query: string, variables: object): Promise<unknown> => {
    const reply = await call(instance.url, query, variables);
    if (!reply.isAnswered || !reply.body?.data) throw new Error(JSON.stringify(reply));
    return reply.body.data;
  };

  it('counts what it would erase, and erases nothing, when asked to try', async () => {
    expect(await ask(erase, { userId, dryRun: true })).toEqual({
      deleteUserData: { deletedCount: entryCount, dryRun: true },
    });
  });

  it('leaves nothing of a session that is erased in the file', async () => {
    const sessionId = sessionAt(0).sessionId;
    expect(occurrences(file, sessionId)).toBeGreaterThan(0);
    expect(await ask(eraseSession, { userId, sessionId })).toEqual({
      deleteSession: { deletedCount: sessionLength, dryRun: false },
    });
    expect(occurrences(file, sessionId)).toBe(0);
  });

  it('leaves nothing of a user who is erased in the file', async () => {
    expect(occurrences(file, userId)).toBeGreaterThan(0);
    const startedAt = performance.now();
    expect(await ask(erase, { userId, dryRun: false })).toEqual({
      deleteUserData: { deletedCount: entryCount - sessionLength, dryRun: false },
    });
    const ms = performance.now() - startedAt;
    expect(occurrences(file, userId)).toBe(0);
    expect(occurrences(file, 'key-to-be-forgotten')).toBe(0);
    expect(occurrences(file, 'text to be forgotten')).toBe(0);
    report(`${entryCount} entries erased in ${Math.round(ms)} ms`);
  }, 60_000);

  it('shows nothing of the user in any answer', async () => {
    const shown = await ask(
      `query ($userId: String!, $sessionId: String!) {
        logs(user: $userId) { id }
        logsConnection(filter: { userIds: [$userId] }) { nodes { id } totalCount { value } }
        logTypes(filter: { types: ["TO_BE_FORGOTTEN"] }) { types { type } }
        session(userId: $userId, sessionId: $sessionId) { entryCount }
        sessions(filter: { userIds: [$userId] }) { nodes { sessionId } }
      }`,
      { userId, sessionId: sessionAt(1).sessionId },
    );
    expect(shown).toEqual({
      logs: [],
      logsConnection: { nodes: [], totalCount: { value: 0 } },
      logTypes: { types: [] },
      session: null,
      sessions: { nodes: [] },
    });
  });

  it('leaves the entries of all others as they are', async () => {
    await writers!.stop();
    const { summary, wrong } = await readers!.stop();
    report(`${journal.summary()}; ${summary}`);
    expect(journal.reasons).toEqual(new Map());
    expect(wrong).toEqual([]);
    // What is stored and was never sent by a journal's client would be of the one who was erased.
    expect(await checkJournal(journal, storedSessions(askableAt(instance.url)))).toEqual([]);
    expect(await checkIntegrity(file.path)).toEqual([]);
    expect(instance.ends()).toEqual([]);
  }, 60_000);
});

function sessionAt(at: number) {
  const sessionId = `session-to-be-forgotten-${at}-`;
  const actions = Array.from({ length: sessionLength }, (_, action) => ({
    time: new Date(Date.UTC(2024, 0, 1 + (at % 300), 0, 0, action)).toISOString(),
    type: 'TO_BE_FORGOTTEN',
    properties: { at, action, text: 'text to be forgotten' },
  }));
  return { userId, sessionId, actions, idempotencyKey: `key-to-be-forgotten-${at}` };
}

async function inParallel(count: number, send: (at: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) await send(next++);
  };
  await Promise.all(Array.from({ length: 16 }, work));
}

/** How often a text stands in the database, including what is free there, and in its WAL. */
function occurrences({ path }: SqliteFile, text: string): number {
  return [path, `${path}-wal`]
    .filter((name) => existsSync(name))
    .map((name) => readFileSync(name).toString('latin1').split(text).length - 1)
    .reduce((sum, count) => sum + count, 0);
}
