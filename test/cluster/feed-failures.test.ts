import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { call } from '../support/journal/api';
import { cleanUp, sleep, waitUntil } from '../support/processes/children';
import { freePorts } from '../support/processes/free-ports';
import { Instance } from '../support/processes/instances';
import { report } from '../support/processes/programs';
import { startConsumer, type Consumer } from '../support/feed/consumers';
import { FeedCopy, type FeedEntry } from '../support/feed/feed-copy';
import { readFeed } from '../support/feed/run-feed';
import { erase, keptUsers, write, type Traffic } from '../support/feed/traffic';
import { startHAProxy } from './support/haproxy';
import { PostgresNode, role } from './support/postgres-node';
import { startRoleAgent } from './support/role-agent';
import { describeCluster } from './support/tools';

const eraseUser = `mutation ($userId: String!) { deleteUserData(userId: $userId) { deletedCount } }`;
const record = `mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }`;
const victim = 'victim';
/** Deletions that were not completed are resumed a minute after they were asked for, and looked for once a minute. */
const resumedWithinMs = 150_000;
const catchUpMs = 20_000;

describeCluster('the feed of a cluster whose servers are killed', () => {
  const copies = (['poll', 'events', 'socket'] as const).map((kind) => ({ kind, copy: new FeedCopy(kind) }));
  const ofVictim = new FeedCopy('events of the victim', { userIds: [victim] });
  const traffic: Traffic = { keptCount: 0, erasings: 0, heldCount: 0, faults: [] };
  let primary: PostgresNode;
  let standby: PostgresNode;
  let instances: Instance[];
  let urls: string[];
  let consumers: Consumer[] = [];

  beforeAll(async () => {
    const [api, sql, ...ports] = (await freePorts(8)) as [number, number, ...number[]];
    const nodes = ['node1', 'node2'].map((name) => new PostgresNode(name, ports.shift()!));
    [primary, standby] = nodes as [PostgresNode, PostgresNode];
    await primary.initialize();
    await standby.copyFrom(primary);
    await standby.start();
    await primary.waitFor(standby);
    const routes = nodes.map(({ name, port }) => ({ name, port, agentPort: ports.shift()! }));
    await Promise.all(nodes.map((node, at) => startRoleAgent(node, routes[at]!.agentPort)));
    instances = ['instance1', 'instance2'].map(
      (name) =>
        new Instance(name, ports.shift()!, {
          DATABASE_URL: `postgres://${role}@127.0.0.1:${sql}/${role}`,
          DATABASE_READ_URL: standby.url,
          READ_MAX_LAG_MS: '1000',
          LOG_LEVEL: 'info',
        }),
    );
    const haproxy = await startHAProxy({
      api: { port: api, instances: instances.map(({ name, port }) => ({ name, port })) },
      primary: { port: sql, nodes: routes },
    });
    await haproxy.waitFor('node1', true);
    await haproxy.waitFor('node2', false);
    await Promise.all(instances.map((instance) => instance.start()));
    urls = instances.map(({ url }) => url);
    consumers = [
      ...copies.map(({ kind, copy }) => startConsumer(kind, urls, copy)),
      startConsumer('events', [...urls].reverse(), ofVictim),
    ];
    await Promise.all(consumers.map(({ ready }) => ready));
  }, 60_000);
  afterAll(async () => {
    await Promise.all(consumers.map((consumer) => consumer.stop()));
    await cleanUp();
  });

  /** Fails unless each copy becomes equal to the store. @returns its entries */
  async function expectEqualCopies(): Promise<readonly FeedEntry[]> {
    let stored: readonly FeedEntry[] = [];
    await waitUntil('the store can be read', catchUpMs, async () => {
      stored = await readFeed(urls[0]!).catch(() => []);
      return stored.length > 0;
    });
    const reference = copies[0]!.copy;
    const differences = (): string[] => consumers.flatMap(({ copy }) => copy.differences(stored, reference));
    await waitUntil('the copies are equal', catchUpMs, () => differences().length === 0).catch(() => {});
    expect(differences()).toEqual([]);
    const kept = stored.filter(({ userId }) => keptUsers.includes(userId));
    expect(kept).toHaveLength(traffic.keptCount);
    return stored;
  }

  /** Records and erases while something happens. */
  async function duringTraffic(work: () => Promise<void>): Promise<void> {
    const ending = new AbortController();
    const running = [
      ...[0, 1].map((at) => write(at + 10 * traffic.erasings, urls, traffic, ending.signal)),
      erase(urls, traffic, ending.signal),
    ];
    await Promise.race([work(), ...running]).finally(() => ending.abort());
    await Promise.all(running);
  }

  it('gives the subscribers all while the standby that serves reads is killed, and comes back', async () => {
    await duringTraffic(async () => {
      for (let round = 0; round < 2; round++) {
        await sleep(2_000);
        // Commits would wait for it.
        await primary.configure('synchronous_standby_names', '');
        await standby.kill9();
        await sleep(2_000);
        await standby.start();
        await primary.waitFor(standby);
      }
      await sleep(2_000);
    });
    const stored = await expectEqualCopies();
    report(`standby killed twice: ${stored.length} entries, ${copies[0]!.copy.erasureCount} erasures`);
    expect(stored.length).toBeGreaterThan(100);
  }, 120_000);

  it('gives them all through a fail-over, under the same cursors', async () => {
    await duringTraffic(async () => {
      await sleep(2_000);
      await primary.kill9();
      await standby.promote();
      [primary, standby] = [standby, primary];
      await standby.copyFrom(primary);
      await standby.start();
      await primary.waitFor(standby);
      await sleep(3_000);
    });
    const stored = await expectEqualCopies();
    const failures = consumers.map(({ failures: reasons }) => [...reasons.keys()].join(', '));
    report(`fail-over: ${stored.length} entries; consumers: ${failures.join(' | ')}`);
    expect(failures.join()).not.toMatch(/CURSOR|BAD_USER_INPUT/);
  }, 120_000);

  it('erases, unasked, what PostgreSQL had only the notice of when it was killed', async () => {
    for (const sessionId of ['one', 'two']) {
      const actions = [{ time: new Date().toISOString(), type: 'CLICK' }];
      const reply = await call(urls[0]!, record, { input: { userId: victim, sessionId, actions } });
      expect(reply).toMatchObject({ body: { data: { recordSession: { recordedCount: 1 } } } });
    }
    await waitUntil('the copies have them', catchUpMs, () => ofVictim.entries.size === 2);
    const erased = ofVictim.erasureCount;
    const counts = copies.map(({ copy }) => copy.erasureCount);

    const holder = await primary.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM session WHERE user_id = $1 FOR UPDATE', [victim]);
    const asked = call(urls[0]!, eraseUser, { userId: victim });
    await waitUntil('the notice is committed', 5_000, async () => {
      const rows = await primary.sql(`SELECT FROM erasure WHERE user_id = '${victim}' AND NOT is_finished`);
      return rows.length === 1;
    });
    const count = `SELECT count(*)::int AS count FROM log_entry WHERE user_id = '${victim}'`;
    expect(await primary.sql(count)).toEqual([{ count: 2 }]);
    await primary.kill9();
    const killedAt = performance.now();
    await holder.end().catch(() => {});
    // The request itself goes on if PostgreSQL is back soon.
    await sleep(3_000);
    await primary.start();
    await primary.waitFor(standby);
    expect(await primary.sql(count)).toEqual([{ count: 2 }]);
    const answer = await asked;
    expect(answer.isAnswered && answer.body?.data?.deleteUserData).toBeFalsy();

    await waitUntil('the entries are erased', resumedWithinMs, async () => {
      const [row] = await primary.sql<{ count: number }>(count);
      return row!.count === 0;
    });
    const seconds = ((performance.now() - killedAt) / 1_000).toFixed(0);
    report(`the entries were erased ${seconds} s after PostgreSQL was killed, and nobody asked again`);
    await waitUntil('the notice is finished', 10_000, async () => {
      const rows = await primary.sql(`SELECT FROM erasure WHERE user_id = '${victim}' AND is_finished`);
      return rows.length === 1;
    });
    await expectEqualCopies();
    expect(ofVictim.entries.size).toBe(0);
    expect([ofVictim.erasureCount, ...copies.map(({ copy }) => copy.erasureCount)]).toEqual(
      [erased, ...counts].map((before) => before + 1),
    );
  }, 240_000);

  it('loses no instance', () => {
    expect(instances.flatMap((instance) => instance.ends())).toEqual([]);
  });
});
