import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readBack } from '../support/journal/api';
import { cleanUp, sleep } from '../support/processes/children';
import { freePorts } from '../support/processes/free-ports';
import { Instance } from '../support/processes/instances';
import { Journal, startWriters, type Writers } from '../support/journal/journal';
import { checkJournal } from '../support/journal/journal-check';
import { report } from '../support/processes/programs';
import { startReaders, type Readers, type Reads } from '../support/journal/readers';
import { PostgresNode, role } from './support/postgres-node';
import { storedRows } from './support/stored-rows';
import { describeCluster } from './support/tools';

const stormMs = 60_000;
const longestCallMs = 20_000;
const wholeAfterMs = 5_000;

describeCluster('two instances whose backends are terminated every 200 ms for 60 s', () => {
  const journal = new Journal();
  let node: PostgresNode;
  let instances: Instance[];
  let urls: string[];
  let writers: Writers | undefined;
  let readers: Readers | undefined;
  let reads: Reads;

  beforeAll(async () => {
    const [port, ...ports] = (await freePorts(3)) as [number, ...number[]];
    node = new PostgresNode('node1', port);
    await node.initialize();
    instances = ports.map((own, at) => {
      return new Instance(`instance${at + 1}`, own, { DATABASE_URL: node.url });
    });
    await Promise.all(instances.map((instance) => instance.start()));
    urls = instances.map((instance) => instance.url);
    await journal.send(urls[0]!, 'first');
    writers = startWriters(journal, urls, { count: 8, pauseMs: 30 });
    readers = startReaders(journal, urls, { count: 4, pauseMs: 10 });
  }, 60_000);
  afterAll(async () => {
    await Promise.all([writers?.stop(), readers?.stop()]);
    await cleanUp();
  });

  it('goes on through it, and has whole pools 5 s after it', async () => {
    const client = await node.connect();
    const endAt = performance.now() + stormMs;
    let terminated = 0;
    while (performance.now() < endAt) {
      const { rowCount } = await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${role}'`,
      );
      terminated += rowCount ?? 0;
      await sleep(200);
    }
    await client.end();
    await sleep(wholeAfterMs);
    await writers!.stop();
    reads = await readers!.stop();
    report(`${terminated} backends terminated; ${journal.summary()}`);
    report(reads.summary);

    const problems: unknown[] = [];
    for (let at = 0; at < 50; at++) {
      for (const { name, url } of instances) {
        const sessionId = `after-${name}-${at}`;
        const outcome = await journal.send(url, sessionId);
        if (outcome !== 'acknowledged') problems.push(`${sessionId} ${outcome}`);
        const problem = await readBack(url, journal.last!.sessionId);
        if (problem) problems.push(problem);
      }
    }
    expect(problems.slice(0, 5)).toEqual([]);
    expect(terminated).toBeGreaterThan(500);
  }, 150_000);

  it('lets no call hang', () => {
    expect(Math.max(journal.slowestMs, reads.slowestMs)).toBeLessThan(longestCallMs);
  });

  it('answers no other error than SERVICE_UNAVAILABLE', () => {
    expect(journal.unexpectedReasons()).toEqual([]);
    expect(reads.wrong.slice(0, 5)).toEqual([]);
  });

  it('has every acknowledged action, each once, and sessions that are whole', async () => {
    expect(await checkJournal(journal, storedRows(node))).toEqual([]);
    expect(journal.count('acknowledged')).toBeGreaterThan(1_000);
  }, 60_000);

  it('loses no instance', () => {
    expect(instances.flatMap((instance) => instance.ends())).toEqual([]);
  });
});
