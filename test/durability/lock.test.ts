import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readBack } from '../support/journal/api';
import { cleanUp, sleep } from '../support/processes/children';
import { freePorts } from '../support/processes/free-ports';
import { Instance } from '../support/processes/instances';
import { Journal, startWriters, type JournalCall, type Writers } from '../support/journal/journal';
import { checkJournal } from '../support/journal/journal-check';
import { report } from '../support/processes/programs';
import { startSteadyLoad } from '../support/journal/steady-load';
import { storedSessions } from '../support/journal/stored-sessions';
import { askableAt } from './support/askable';
import { holdLock } from './support/held-lock';
import { percentile } from '../support/percentile';
import { newSqliteFile, type SqliteFile } from './support/sqlite-file';
import { describeDurability, timesOf } from './support/suites';

const shortMs = 3_000;
const longMs = 30_000;
const busyTimeoutMs = 5_000;
const slackMs = 500;
const times = Array.from({ length: timesOf('LOCK_TIMES', 3) }, (_, at) => at + 1);

describeDurability('a server whose file another process has locked, under 8 writers', [], () => {
  const calls: JournalCall[] = [];
  const journal = new Journal({ onReply: (call) => calls.push(call) });
  let file: SqliteFile;
  let instance: Instance;
  let writers: Writers | undefined;

  beforeAll(async () => {
    file = newSqliteFile();
    const [port] = (await freePorts(1)) as [number];
    const DATABASE_BUSY_TIMEOUT_MS = `${busyTimeoutMs}`;
    const environment = { DATABASE_URL: file.url, DATABASE_BUSY_TIMEOUT_MS };
    instance = new Instance('instance', port, environment);
    await instance.start();
    writers = startWriters(journal, [instance.url], { count: 8, pauseMs: 10 });
  });
  afterAll(async () => {
    await writers?.stop();
    await cleanUp();
  });

  it.each(times)('fails no mutation when it is locked for 3 s: time %i', async () => {
    await journal.acknowledgedAfter(performance.now(), 5_000);
    const { unlocked } = await holdLock(file.path, shortMs);
    await unlocked;
    await journal.acknowledgedAfter(performance.now(), 5_000);
    expect(journal.reasons).toEqual(new Map());
  });

  it('refuses within the time-out when it is locked for 30 s, and reads as fast as ever', async () => {
    await journal.acknowledgedAfter(performance.now(), 5_000);
    const { sessionId } = journal.last!;
    const { unlocked } = await holdLock(file.path, longMs);
    const lockedAt = performance.now();
    const before = calls.length;
    const readMs: number[] = [];
    const reads = startSteadyLoad(50, async () => {
      const startedAt = performance.now();
      const problem = await readBack(instance.url, sessionId);
      readMs.push(performance.now() - startedAt);
      return problem?.what;
    });
    // A call that is sent later may still be answered when the lock is gone.
    await sleep(longMs - busyTimeoutMs - 2 * slackMs);
    const refused = calls.slice(before).filter(({ sentAt }) => sentAt > lockedAt);
    const { failures } = await reads.stop();
    await unlocked;
    await journal.acknowledgedAfter(performance.now(), 5_000);

    const slowestMs = Math.max(...refused.map(({ reply }) => reply.ms));
    const p99 = percentile(readMs, 0.99);
    report(
      `locked for 30 s: ${refused.length} mutations refused, the last after ${Math.round(slowestMs)} ms; ` +
        `${readMs.length} reads, p99 ${p99.toFixed(1)} ms`,
    );
    const expected = { code: 'SERVICE_UNAVAILABLE', retryable: true };
    for (const { reply } of refused) {
      expect(reply.isAnswered && reply.body.errors?.[0].extensions).toEqual(expected);
    }
    expect(refused.length).toBeGreaterThan(8);
    expect(slowestMs).toBeLessThan(busyTimeoutMs + slackMs);
    expect(failures).toEqual([]);
    expect(p99).toBeLessThan(200);
  }, 60_000);

  it('has every acknowledged action, each once, and nothing of what it refused', async () => {
    await writers!.stop();
    report(journal.summary());
    expect(journal.unexpectedReasons(['SERVICE_UNAVAILABLE (refused)'])).toEqual([]);
    expect(await checkJournal(journal, storedSessions(askableAt(instance.url)))).toEqual([]);
    expect(instance.ends()).toEqual([]);
  }, 60_000);
});
