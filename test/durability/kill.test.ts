import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { cleanUp, sleep, waitUntil } from '../support/processes/children';
import { freePorts } from '../support/processes/free-ports';
import { Instance } from '../support/processes/instances';
import { Journal, startWriters, type Writers } from '../support/journal/journal';
import { checkJournal } from '../support/journal/journal-check';
import { report } from '../support/processes/programs';
import { createRandom } from '../support/journal/random';
import { checkIntegrity } from '../support/database/integrity';
import { storedSessions } from '../support/journal/stored-sessions';
import { askableAt } from './support/askable';
import { newSqliteFile, type SqliteFile } from './support/sqlite-file';
import { describeDurability, timesOf } from './support/suites';

const readyWithinMs = 3_000;
const cycles = Array.from({ length: timesOf('KILL_CYCLES', 20) }, (_, at) => at + 1);

describeDurability('a server that is killed again and again under 8 writers', [], () => {
  const journal = new Journal({ hasKeys: true });
  const random = createRandom(9);
  const readyMs: number[] = [];
  let file: SqliteFile;
  let instance: Instance;
  let writers: Writers | undefined;

  beforeAll(async () => {
    file = newSqliteFile();
    const [port] = (await freePorts(1)) as [number];
    instance = new Instance('instance', port, { DATABASE_URL: file.url });
    await instance.start();
    writers = startWriters(journal, [instance.url], {
      count: 8,
      pauseMs: 5,
      refusedPauseMs: 100,
      isRetrying: true,
    });
  });
  afterAll(async () => {
    await writers?.stop();
    await cleanUp();
  });

  it.each(cycles)('is ready within 3 s of kill %i, with a file that is whole', async (cycle) => {
    await journal.acknowledgedAfter(performance.now(), 10_000);
    await sleep(500 * random());
    await instance.kill9();
    // Sometimes while it starts, too.
    if (cycle % 4 === 0) {
      instance.start().catch(() => {});
      await sleep(700 * random());
      await instance.kill9();
    }
    const startedAt = performance.now();
    await instance.start();
    await waitUntil('it is ready', 10_000, () => instance.isReady());
    readyMs.push(performance.now() - startedAt);
    expect(readyMs.at(-1)).toBeLessThan(readyWithinMs);
    expect(await checkIntegrity(file.path)).toEqual([]);
  });

  it('has every acknowledged action, each once, and sessions that are whole', async () => {
    await writers!.stop();
    const slowest = Math.round(Math.max(...readyMs));
    report(`${cycles.length} kills: ready after ${slowest} ms at most; ${journal.summary()}`);
    expect(journal.count('unknown')).toBe(0);
    expect(await checkJournal(journal, storedSessions(askableAt(instance.url)))).toEqual([]);
    expect(journal.count('acknowledged')).toBeGreaterThan(cycles.length * 10);
    // Else nothing was under way when it was killed.
    expect(journal.reasons.get('ECONNRESET (unknown)')).toBeGreaterThan(cycles.length);
  }, 120_000);

  it('fails in no other way than that it is away', () => {
    const away = ['ECONNRESET (unknown)', 'ECONNREFUSED (refused)', 'ECONNREFUSED (unknown)'];
    expect(journal.unexpectedReasons(away)).toEqual([]);
    expect(instance.ends()).toEqual([]);
  });
});
