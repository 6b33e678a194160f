import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readBack } from '../support/journal/api';
import { cleanUp, sleep, waitUntil } from '../support/processes/children';
import { freePorts } from '../support/processes/free-ports';
import { Instance } from '../support/processes/instances';
import { Journal } from '../support/journal/journal';
import { report } from '../support/processes/programs';
import { startSteadyLoad } from '../support/journal/steady-load';
import { PostgresNode } from './support/postgres-node';
import { describeCluster } from './support/tools';

const readYourWrites = { headers: { 'x-read-your-writes': '1' } };

describeCluster('an instance that reads from a replica', () => {
  const journal = new Journal();
  let sent = 0;
  let primary: PostgresNode;
  let standby: PostgresNode;
  let instance: Instance;

  beforeAll(async () => {
    const [first, second, api] = (await freePorts(3)) as [number, number, number];
    primary = new PostgresNode('node1', first);
    standby = new PostgresNode('node2', second);
    await primary.initialize();
    await standby.copyFrom(primary);
    instance = new Instance('instance1', api, {
      DATABASE_URL: primary.url,
      DATABASE_READ_URL: standby.url,
      READ_MAX_LAG_MS: '500',
    });
  }, 60_000);
  afterAll(cleanUp);

  /** Stores a session of its own, and gives back its id. */
  async function write(): Promise<string> {
    const sessionId = `session-${sent++}`;
    const outcome = await journal.send(instance.url, sessionId);
    if (outcome !== 'acknowledged') throw new Error(journal.summary());
    return sessionId;
  }

  const replicaIs = (isUsable: boolean, ms: number): Promise<void> =>
    waitUntil(`the replica is ${isUsable ? '' : 'not '}used`, ms, async () => {
      return (await instance.metric('log_manager_replica_usable')) === Number(isUsable);
    });

  /** Whether reads reach the replica, as PostgreSQL counts them there. */
  async function readsOfReplica(): Promise<number> {
    const [row] = await standby.sql<{ count: string }>(
      `SELECT coalesce(sum(seq_scan + coalesce(idx_scan, 0)), 0) AS count FROM pg_stat_user_tables`,
    );
    return Number(row!.count);
  }

  it('starts while the replica is down, and reads from the primary', async () => {
    await instance.start();
    expect(await instance.metric('log_manager_replica_usable')).toBe(0);
    for (let at = 0; at < 20; at++) expect(await readBack(instance.url, await write())).toBeUndefined();
  }, 30_000);

  it('reads from the replica when it has come up, and goes on while nothing is written', async () => {
    await standby.start();
    await replicaIs(true, 15_000);
    const before = await readsOfReplica();
    await waitUntil('reads reach the replica', 5_000, async () => {
      expect(await readBack(instance.url, journal.last!.sessionId)).toBeUndefined();
      return (await readsOfReplica()) > before;
    });
    // A primary without writes has a replica with an old last transaction, and no lag.
    await sleep(3_000);
    expect(await instance.metric('log_manager_replica_usable')).toBe(1);
  }, 60_000);

  it('goes to the primary while the replica falls behind, and comes back', async () => {
    await standby.sql('SELECT pg_wal_replay_pause()');
    const pausedAt = performance.now();
    const stale = await write();
    await waitUntil('reads are fresh', 5_000, async () => {
      // With writes going on, as ever: lag is the age of what the replica does not have yet.
      await write();
      return (await readBack(instance.url, stale)) === undefined;
    });
    const freshMs = performance.now() - pausedAt;
    for (let at = 0; at < 50; at++) expect(await readBack(instance.url, await write())).toBeUndefined();
    expect(await instance.metric('log_manager_replica_usable')).toBe(0);
    await standby.sql('SELECT pg_wal_replay_resume()');
    const resumedAt = performance.now();
    await replicaIs(true, 15_000);
    const backMs = performance.now() - resumedAt;
    report(`fresh ${Math.round(freshMs)} ms after replay paused, back after ${Math.round(backMs)}`);
    expect(freshMs).toBeLessThan(2_000);
  }, 60_000);

  it.each([
    ['is killed', async () => standby.kill9(), async () => standby.start()],
    ['hangs', async () => standby.signalAll('SIGSTOP'), async () => standby.signalAll('SIGCONT')],
  ])(
    'fails no read after the first second when the replica %s under load',
    async (what, breakIt, mend) => {
      const sessionId = await write();
      await waitUntil('the session is replayed', 5_000, async () => {
        return (await readBack(instance.url, sessionId)) === undefined;
      });
      const load = startSteadyLoad(50, async () => (await readBack(instance.url, sessionId))?.what);
      await sleep(1_000);
      const brokenAt = performance.now();
      await breakIt();
      await sleep(5_000);
      const { count, slowestMs, failures } = await load.stop();
      await replicaIs(false, 5_000);
      await mend();
      const late = failures.filter(({ at }) => at > brokenAt + 1_000);
      report(
        `the replica ${what}: ${count} reads, ${failures.length - late.length} failed in the first second, ` +
          `${late.length} later; slowest ${Math.round(slowestMs)} ms`,
      );
      expect(late.slice(0, 5)).toEqual([]);
      await replicaIs(true, 15_000);
    },
    60_000,
  );

  it('reads 1,000 of 1,000 entries just acknowledged with x-read-your-writes, on a late replica', async () => {
    await standby.configure('recovery_min_apply_delay', '300ms');
    let stale = 0;
    const missing: unknown[] = [];
    const work = async (): Promise<void> => {
      for (let at = 0; at < 100; at++) {
        const sessionId = await write();
        const [withHeader, without] = await Promise.all([
          readBack(instance.url, sessionId, readYourWrites),
          readBack(instance.url, sessionId),
        ]);
        if (withHeader) missing.push(withHeader);
        if (without) stale++;
      }
    };
    await Promise.all(Array.from({ length: 10 }, work));
    report(`1000 read with x-read-your-writes, ${missing.length} missing; ${stale} without it`);
    expect(missing.slice(0, 5)).toEqual([]);
    // Else the replica was not behind, and nothing has been shown.
    expect(stale).toBeGreaterThan(100);
    expect(instance.ends()).toEqual([]);
  }, 60_000);

  it('reads nothing from the replica once it is promoted, though its log is longer', async () => {
    await standby.configure('recovery_min_apply_delay', '0');
    await replicaIs(true, 15_000);
    const acknowledged = await write();
    await waitUntil('the session is replayed', 5_000, async () => {
      return (await readBack(instance.url, acknowledged)) === undefined;
    });
    const stale: unknown[] = [];
    const { stop } = startSteadyLoad(50, async () => {
      // READ_MAX_LAG_MS, and the time between two samples of the primary's position.
      const sessionId = await write();
      await sleep(1_000);
      const difference = await readBack(instance.url, sessionId);
      if (difference) stale.push(difference);
      return difference?.what;
    });
    await sleep(1_000);
    await standby.sql('SELECT pg_promote()');
    for (let at = 0; at < 5; at++) {
      await standby.sql('SELECT pg_switch_wal()');
      await standby.sql('CREATE TABLE longer AS SELECT generate_series(1, 100000)');
      await standby.sql('DROP TABLE longer');
    }
    await replicaIs(false, 5_000);
    await sleep(2_000);
    const { count } = await stop();
    report(`the replica was promoted: ${count} reads, ${stale.length} without their entry`);
    expect(stale.slice(0, 5)).toEqual([]);
    expect(await instance.metric('log_manager_replica_usable')).toBe(0);
    expect(instance.output()).toContain('it was promoted');
  }, 60_000);
});
