import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Agent } from 'node:http';
import { readBack } from '../support/journal/api';
import { cleanUp } from '../support/processes/children';
import { freePorts } from '../support/processes/free-ports';
import { Instance } from '../support/processes/instances';
import { Journal } from '../support/journal/journal';
import { checkJournal } from '../support/journal/journal-check';
import { report } from '../support/processes/programs';
import { startSteadyLoad, type SteadyLoad } from '../support/journal/steady-load';
import { startHAProxy, type HAProxy } from './support/haproxy';
import { PostgresNode } from './support/postgres-node';
import { storedRows } from './support/stored-rows';
import { describeCluster } from './support/tools';

/** 20 for a longer look. */
const rounds = Number(process.env['RESTART_ROUNDS'] ?? 5);
const requestsPerSecond = 100;

describeCluster('two instances behind HAProxy, restarted in turn under 100 requests a second', () => {
  const journal = new Journal();
  const agent = new Agent({ keepAlive: true });
  let node: PostgresNode;
  let instances: Instance[];
  let haproxy: HAProxy;
  let load: SteadyLoad | undefined;

  beforeAll(async () => {
    const [sql, api, ...ports] = (await freePorts(4)) as [number, number, ...number[]];
    node = new PostgresNode('node1', sql);
    await node.initialize();
    // Longer than HAProxy needs to see that an instance is not ready, with its checks every 500 ms.
    const environment = { DATABASE_URL: node.url, STOP_DELAY_MS: '1500' };
    instances = ports.map((port, at) => new Instance(`instance${at + 1}`, port, environment));
    await Promise.all(instances.map((instance) => instance.start()));
    haproxy = await startHAProxy({ api: { port: api, instances } });
    for (const { name } of instances) await haproxy.waitFor(name, true);
    const url = `http://127.0.0.1:${api}`;
    await journal.send(url, 'first');
    load = startSteadyLoad(requestsPerSecond, async (at) => {
      // Writes and reads by turns, and two of each on connections of either kind.
      const options = at % 4 < 2 ? { agent } : {};
      if (at % 2 === 1) return (await readBack(url, journal.last!.sessionId, options))?.what;
      const outcome = await journal.send(url, `${at}`, options);
      return outcome === 'acknowledged' ? undefined : `session ${at}: ${outcome}`;
    });
  }, 60_000);
  afterAll(async () => {
    await load?.stop();
    agent.destroy();
    await cleanUp();
  });

  it(
    `fails no request in ${rounds} rounds, and each process ends with exit code 0`,
    async () => {
      const startedAt = performance.now();
      for (let round = 0; round < rounds; round++) {
        for (const instance of instances) {
          expect(await instance.stop()).toBe(0);
          // Else its last check, when it was up, could be taken for one of its successor.
          await haproxy.waitFor(instance.name, false);
          await instance.start();
          await haproxy.waitFor(instance.name, true);
        }
      }
      const { count, failures } = await load!.stop();
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
      report(`${rounds} × 2 restarts in ${seconds} s, ${count} requests; ${journal.summary()}`);
      expect(failures).toEqual([]);
      expect(instances.flatMap((instance) => instance.ends())).toEqual([]);
    },
    rounds * 20_000,
  );

  it('has every acknowledged action, each once, and sessions that are whole', async () => {
    expect(await checkJournal(journal, storedRows(node))).toEqual([]);
  }, 60_000);
});
