import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readBack } from '../support/journal/api';
import { cleanUp, sleep, waitUntil } from '../support/processes/children';
import { freePorts } from '../support/processes/free-ports';
import { Instance } from '../support/processes/instances';
import { Journal, startWriters, type JournalCall, type Writers } from '../support/journal/journal';
import { checkJournal } from '../support/journal/journal-check';
import { report } from '../support/processes/programs';
import { checkIntegrity } from '../support/database/integrity';
import { storedSessions } from '../support/journal/stored-sessions';
import { askableAt } from './support/askable';
import { cutPower, type PowerCuts } from './support/power-cuts';
import { newSqliteFile, type SqliteFile } from './support/sqlite-file';
import { failSyncs } from './support/strace';
import { describeDurability } from './support/suites';
import { runTraced, type TracedRun } from './support/traced-run';

const rounds = [1, 2, 3];
const againWithinMs = 5_000;

describeDurability('a server whose disk fails to sync', ['strace'], () => {
  afterAll(cleanUp);

  describe('for a second and a half', () => {
    const calls: JournalCall[] = [];
    const journal = new Journal({ hasKeys: true, onReply: (call) => calls.push(call) });
    let file: SqliteFile;
    let instance: Instance;
    let writers: Writers | undefined;

    beforeAll(async () => {
      file = newSqliteFile();
      const [port] = (await freePorts(1)) as [number];
      instance = new Instance('instance', port, { DATABASE_URL: file.url });
      await instance.start();
      writers = startWriters(journal, [instance.url], { count: 8, pauseMs: 20, isRetrying: true });
    });
    afterAll(async () => {
      await writers?.stop();
    });

    it.each(rounds)('acknowledges nothing then, and again within 5 s of it: round %i', async (round) => {
      const sessionId = await journal.acknowledgedAfter(performance.now(), 5_000);
      // Until something is read, the connection that writes is the only one that uses the WAL: once that is closed, the
      // next one reads all of the WAL anew, also what has not been synced.
      if (round > 1) {
        const reads = Array.from({ length: 20 }, () => readBack(instance.url, sessionId));
        expect(await Promise.all(reads)).toEqual(reads.map(() => undefined));
      }
      const mend = await failSyncs(instance.pid);
      const brokenAt = performance.now();
      await sleep(1_500);
      const failed = calls.filter(({ sentAt }) => sentAt > brokenAt);
      await mend();
      const mendedAt = performance.now();
      const outcomes = failed.map(({ sessionId: id, outcome }) => `${id} was ${outcome}`);
      expect(outcomes.filter((line) => line.endsWith('acknowledged'))).toEqual([]);
      expect(outcomes.filter((line) => line.endsWith('unknown')).length).toBeGreaterThan(0);
      await journal.acknowledgedAfter(mendedAt, againWithinMs);
      report(`syncs failed: stored again after ${Math.round(performance.now() - mendedAt)} ms`);
    });

    it('has every acknowledged action, each once, and sessions that are whole', async () => {
      await writers!.stop();
      report(journal.summary());
      expect(journal.count('unknown')).toBe(0);
      expect(journal.unexpectedReasons()).toEqual([]);
      expect(await checkJournal(journal, storedSessions(askableAt(instance.url)))).toEqual([]);
      expect(instance.ends()).toEqual([]);
    }, 60_000);

    it('has them, too, when it is killed and started again', async () => {
      await instance.kill9();
      await instance.start();
      await waitUntil('it is ready', 10_000, () => instance.isReady());
      expect(await checkJournal(journal, storedSessions(askableAt(instance.url)))).toEqual([]);
      expect(await checkIntegrity(file.path)).toEqual([]);
    }, 60_000);
  });

  describe('now and then, until the power fails, too', () => {
    let run: TracedRun;
    let cuts: PowerCuts;

    beforeAll(async () => {
      // Of each thread, those after its start; then every fifth, so that each time others go well in between.
      run = await runTraced({ sessionCount: 500, clientCount: 3, injection: 'when=12+5' });
      cuts = await cutPower(run, { count: 60, seed: 4, soonAfter: '(INJECTED)' });
      report(`${cuts.watch.failedSyncs()} syncs failed; ${run.journal.summary()}`);
    }, 120_000);

    it('goes on', () => {
      expect(cuts.watch.failedSyncs()).toBeGreaterThan(5);
      expect(cuts.watch.restarts()).toBeGreaterThan(0);
      expect(run.journal.count('acknowledged')).toBeGreaterThan(100);
      expect(run.journal.count('unknown')).toBe(0);
      expect(run.journal.unexpectedReasons()).toEqual([]);
      expect(run.instance.ends()).toEqual([]);
    });

    it('leaves files that open clean, with every acknowledged session', () => {
      expect(cuts.problems.slice(0, 10)).toEqual([]);
    });
  });
});
