import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { cleanUp, sleep, waitUntil } from '../support/processes/children';
import { freePorts } from '../support/processes/free-ports';
import { sendHttp } from '../support/server/http';
import { Instance } from '../support/processes/instances';
import { Journal, startWriters, type JournalCall, type Writers } from '../support/journal/journal';
import { checkJournal } from '../support/journal/journal-check';
import { report } from '../support/processes/programs';
import { startReaders, type Readers } from '../support/journal/readers';
import { sessionOf } from '../support/journal/sessions';
import { checkIntegrity } from '../support/database/integrity';
import { storedSessions } from '../support/journal/stored-sessions';
import { askableAt } from './support/askable';
import { createSmallDisk, type SmallDisk } from './support/small-disk';
import { sqliteFileIn, type SqliteFile } from './support/sqlite-file';
import { describeDurability } from './support/suites';

const rounds = [1, 2, 3];
const againWithinMs = 5_000;

describeDurability('a server whose disk is full', ['a small disk'], () => {
  const refused: JournalCall[] = [];
  const journal = new Journal({
    hasKeys: true,
    onReply: (call) => {
      if (call.outcome !== 'acknowledged') refused.push(call);
    },
  });
  let disk: SmallDisk;
  let file: SqliteFile;
  let instance: Instance;
  let writers: Writers | undefined;
  let readers: Readers | undefined;

  beforeAll(async () => {
    disk = createSmallDisk(48);
    file = sqliteFileIn(disk.directory);
    const [port] = (await freePorts(1)) as [number];
    instance = new Instance('instance', port, { DATABASE_URL: file.url });
    await instance.start();
    await journal.send(instance.url, 'first');
    writers = startWriters(journal, [instance.url], { count: 8, pauseMs: 30, isRetrying: true });
    readers = startReaders(journal, [instance.url], { count: 2, pauseMs: 10 });
  });
  afterAll(async () => {
    await Promise.all([writers?.stop(), readers?.stop()]);
    await cleanUp();
  });

  it.each(rounds)(
    'refuses with STORAGE_FULL, and stores again within 5 s of there being room: round %i',
    async () => {
      await sleep(1_000);
      await journal.acknowledgedAfter(performance.now(), 5_000);
      const before = refused.length;
      const makeRoom = disk.fill();
      // What the file has already is used up first.
      await waitUntil('it refuses', 30_000, () => refused.length > before);
      await sleep(2_000);
      const roomAt = performance.now();
      makeRoom();
      await journal.acknowledgedAfter(roomAt, againWithinMs);
      report(`disk full: stored again after ${Math.round(performance.now() - roomAt)} ms`);
    },
    60_000,
  );

  it('says that there is no use in asking again, and with REST that it lacks storage', async () => {
    const makeRoom = disk.fill();
    for (let at = 0; ; at++) {
      const sessionId = `rest-${at}`;
      const body = JSON.stringify(sessionOf(sessionId));
      const answer = await sendHttp(`${instance.url}/logs/`, { method: 'POST', body });
      journal.outcomes.set(sessionId, answer.status === 201 ? 'acknowledged' : 'refused');
      if (answer.status === 201) continue;
      expect(answer.status).toBe(507);
      expect(answer.body.errors[0].extensions).toEqual({ code: 'STORAGE_FULL', retryable: false });
      break;
    }
    makeRoom();
    const extensions = refused.map(({ reply }) => reply.isAnswered && reply.body.errors[0].extensions);
    for (const one of extensions) expect(one).toEqual({ code: 'STORAGE_FULL', retryable: false });
  }, 60_000);

  it('goes on reading meanwhile', async () => {
    const reads = await readers!.stop();
    report(reads.summary);
    expect(reads.wrong).toEqual([]);
    expect(reads.refused).toBe(0);
    expect(reads.slowestMs).toBeLessThan(2_000);
  });

  it('has every acknowledged action, each once, and nothing of what it refused', async () => {
    await writers!.stop();
    report(journal.summary());
    expect(journal.unexpectedReasons(['STORAGE_FULL (refused)'])).toEqual([]);
    expect(await checkJournal(journal, storedSessions(askableAt(instance.url)))).toEqual([]);
    expect(await checkIntegrity(file.path)).toEqual([]);
    expect(instance.ends()).toEqual([]);
  }, 60_000);
});
