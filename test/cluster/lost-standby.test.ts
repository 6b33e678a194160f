import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { cleanUp, sleep, waitUntil } from '../support/processes/children';
import { freePorts } from '../support/processes/free-ports';
import { Instance } from '../support/processes/instances';
import { Journal, startWriters, type Writers } from '../support/journal/journal';
import { checkJournal } from '../support/journal/journal-check';
import { report } from '../support/processes/programs';
import { PostgresNode } from './support/postgres-node';
import { storedRows } from './support/stored-rows';
import { describeCluster } from './support/tools';

/** Most commits that an instance has under way at a time. */
const commitsUnderWay = 2;

describeCluster('a primary whose synchronous standby is lost', () => {
  const journal = new Journal();
  let primary: PostgresNode;
  let standby: PostgresNode;
  let instance: Instance;
  let writers: Writers;

  beforeAll(async () => {
    const [first, second, api] = (await freePorts(3)) as [number, number, number];
    primary = new PostgresNode('node1', first);
    standby = new PostgresNode('node2', second);
    await primary.initialize();
    await standby.copyFrom(primary);
    await standby.start();
    await primary.waitFor(standby);
    instance = new Instance('instance1', api, { DATABASE_URL: primary.url });
    await instance.start();
    writers = startWriters(journal, [instance.url], { count: 8, pauseMs: 20 });
  }, 60_000);
  afterAll(async () => {
    await writers?.stop();
    await cleanUp();
  });

  it('acknowledges nothing that the standby does not have, though the wait for it is cancelled', async () => {
    await journal.acknowledgedAfter(performance.now(), 10_000);
    await standby.kill9();
    await sleep(500);
    const lostAt = performance.now();
    for (let round = 0; round < 25; round++) {
      // PostgreSQL then says that all went well, with a mere warning: 01000.
      await primary.sql(`SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`);
      await sleep(200);
    }
    expect(journal.last!.sentAt).toBeLessThan(lostAt);
    expect(journal.count('unknown')).toBeGreaterThan(0);
  }, 60_000);

  it('is not filled with backends whose clients have given up waiting', async () => {
    // Twice the time after which a write is given up.
    await sleep(22_000);
    const countWaiting = async (): Promise<number> => {
      const [row] = await primary.sql<{ count: number }>(
        `SELECT count(*)::int AS count FROM pg_stat_activity WHERE wait_event = 'SyncRep'`,
      );
      return row!.count;
    };
    // One that has just been given up takes a moment to end. Without an end there would be six by now.
    await waitUntil('only commits under way wait', 2_000, async () => {
      const count = await countWaiting();
      return count >= 1 && count <= commitsUnderWay;
    });
  }, 60_000);

  it('acknowledges again when the standby is back', async () => {
    await standby.start();
    await primary.waitFor(standby);
    await journal.acknowledgedAfter(performance.now(), 15_000);
    await writers.stop();
    report(journal.summary());
    expect(journal.unexpectedReasons()).toEqual([]);
    expect(instance.ends()).toEqual([]);
  }, 60_000);

  it('has every acknowledged action, each once, and sessions that are whole', async () => {
    expect(await checkJournal(journal, storedRows(primary))).toEqual([]);
  });
});
