import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readBack } from '../support/journal/api';
import { cleanUp, sleep, waitUntil } from '../support/processes/children';
import { freePorts } from '../support/processes/free-ports';
import { Instance } from '../support/processes/instances';
import { Journal, startWriters, type Writers } from '../support/journal/journal';
import { checkJournal } from '../support/journal/journal-check';
import { report } from '../support/processes/programs';
import { startHAProxy } from './support/haproxy';
import { PostgresNode, role } from './support/postgres-node';
import { startRoleAgent } from './support/role-agent';
import { storedRows } from './support/stored-rows';
import { describeCluster } from './support/tools';

const backWithinMs = 15_000;
const cycles = Array.from({ length: 10 }, (_, at) => at + 1);

describeCluster('a primary with a synchronous standby, killed ten times under 8 writers', () => {
  const journal = new Journal();
  let primary: PostgresNode;
  let standby: PostgresNode;
  let instances: Instance[];
  let url: string;
  let writers: Writers;

  beforeAll(async () => {
    const [api, sql, ...ports] = (await freePorts(8)) as [number, number, ...number[]];
    const nodes = ['node1', 'node2'].map((name) => new PostgresNode(name, ports.shift()!));
    [primary, standby] = nodes as [PostgresNode, PostgresNode];
    await primary.initialize();
    await rebuildStandby();
    const routes = nodes.map((node) => ({ ...nameAndPort(node), agentPort: ports.shift()! }));
    await Promise.all(nodes.map((node, at) => startRoleAgent(node, routes[at]!.agentPort)));
    const DATABASE_URL = `postgres://${role}@127.0.0.1:${sql}/${role}`;
    instances = ['instance1', 'instance2'].map(
      (name) => new Instance(name, ports.shift()!, { DATABASE_URL }),
    );
    const haproxy = await startHAProxy({
      api: { port: api, instances: instances.map(nameAndPort) },
      primary: { port: sql, nodes: routes },
    });
    await haproxy.waitFor('node1', true);
    await haproxy.waitFor('node2', false);
    await Promise.all(instances.map((instance) => instance.start()));
    for (const { name } of instances) await haproxy.waitFor(name, true);
    url = `http://127.0.0.1:${api}`;
    writers = startWriters(journal, [url], { count: 8, pauseMs: 10 });
  }, 60_000);
  afterAll(async () => {
    await writers?.stop();
    await cleanUp();
  });

  /** The other node, as a new copy of the primary; done when each commit waits for it. */
  async function rebuildStandby(): Promise<void> {
    await standby.copyFrom(primary);
    await standby.start();
    await primary.waitFor(standby);
  }

  it.each(cycles)(
    'takes writes again within 15 s of promotion %i, and reads give all that was acknowledged',
    async (cycle) => {
      await sleep(2_000);
      const before = await journal.acknowledgedAfter(performance.now(), 10_000);
      const startedAt = performance.now();
      await primary.kill9();
      // Whoever watches over a cluster takes more or less time to be sure.
      await sleep((cycle % 3) * 1_500);
      await standby.promote();
      const promotedAt = performance.now();
      [primary, standby] = [standby, primary];
      const rebuilt = rebuildStandby();
      const after = await journal.acknowledgedAfter(promotedAt, backWithinMs);
      const backAt = performance.now();
      for (const sessionId of [before, after]) {
        await waitUntil(`${sessionId} is read`, promotedAt + backWithinMs - performance.now(), async () => {
          const problem = await readBack(url, sessionId);
          // A read may be refused until then, but never be wrong.
          if (problem && !problem.isRefusal) throw new Error(problem.what);
          return problem === undefined;
        });
      }
      await rebuilt;
      const seconds = (from: number): string => ((performance.now() - from) / 1_000).toFixed(1);
      report(
        `fail-over ${cycle}: promoted ${Math.round(promotedAt - startedAt)} ms after the crash, ` +
          `writes back ${Math.round(backAt - promotedAt)} ms later, whole cycle ${seconds(startedAt)} s`,
      );
    },
    90_000,
  );

  it('has every acknowledged action, each once, and sessions that are whole', async () => {
    await writers.stop();
    report(journal.summary());
    expect(await checkJournal(journal, storedRows(primary))).toEqual([]);
    expect(journal.count('acknowledged')).toBeGreaterThan(1_000);
  }, 120_000);

  it('answers no other error than SERVICE_UNAVAILABLE', () => {
    expect(journal.unexpectedReasons()).toEqual([]);
  });

  it('loses no instance', () => {
    expect(instances.flatMap((instance) => instance.ends())).toEqual([]);
  });
});

function nameAndPort({ name, port }: { name: string; port: number }): {
  name: string;
  port: number;
} {
  return { name, port };
}
