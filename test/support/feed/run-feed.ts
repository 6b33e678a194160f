import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase, dialect } from '../database/database';
import { call } from '../journal/api';
import { cleanUp } from '../processes/children';
import { freePorts } from '../processes/free-ports';
import { Instance } from '../processes/instances';
import { report } from '../processes/programs';
import { logChanges, startConsumer, startTail, type Consumer } from './consumers';
import { FeedCopy, type FeedEntry } from './feed-copy';
import {
  erase,
  heldUser,
  holdTransactions,
  keptUsers,
  killReaders,
  types,
  write,
  type Traffic,
} from './traffic';

export interface FeedRun {
  readonly durationMs: number;
  readonly killInstanceMs: number;
  readonly killReadersMs: number;
  /** How long a transaction of another program stays open, one after the other. */
  readonly heldMs: number;
}

/** How long consumers may need for the rest, when all else has ended. */
const maxCatchUpMs = 20_000;
const writerCount = 4;

const rare = { types: [types[3]] };
const user = { userIds: keptUsers.slice(0, 3) };

/**
 * Consumers of all kinds at two instances of one database, while sessions are recorded and erased, instances are killed,
 * and on PostgreSQL connections too, and another program keeps transactions open.
 * @returns what is wrong with what they got
 */
export async function runFeed(run: FeedRun): Promise<string[]> {
  const database = await createDatabase();
  const ports = await freePorts(2);
  const instances = ports.map(
    (port, at) => new Instance(`instance ${at}`, port, { DATABASE_URL: database.url, LOG_LEVEL: 'info' }),
  );
  const urls = instances.map(({ url }) => url);
  const traffic: Traffic = { keptCount: 0, erasings: 0, heldCount: 0, faults: [] };
  const consumers: Consumer[] = [];
  const ending = new AbortController();
  const { signal } = ending;
  const work: Promise<void>[] = [];
  const faults: string[] = [];
  let killedReaders = 0;
  try {
    await Promise.all(instances.map((instance) => instance.start()));
    for (const [from, turned] of [urls, [...urls].reverse()].entries()) {
      const add = (...args: Parameters<typeof startConsumer>): void =>
        void consumers.push(startConsumer(...args));
      for (const kind of ['poll', 'events', 'socket'] as const) {
        add(kind, turned, new FeedCopy(`${kind} at ${from}`));
        add(kind, turned, new FeedCopy(`${kind} at ${from} of a rare type`, rare));
        add(kind, turned, new FeedCopy(`${kind} at ${from} of users`, user));
      }
    }
    consumers.push(startTail(urls[0]!, new FeedCopy('tail')));
    await Promise.all(consumers.map(({ ready }) => ready));

    const repeat = async (everyMs: number, step: (n: number) => Promise<void>): Promise<void> => {
      for (let n = 0; !signal.aborted; n++) {
        await sleep(everyMs, undefined, { signal }).catch(() => {});
        if (!signal.aborted) await step(n);
      }
    };
    for (let writer = 0; writer < writerCount; writer++) work.push(write(writer, urls, traffic, signal));
    work.push(erase(urls, traffic, signal));
    work.push(
      repeat(run.killInstanceMs, async (n) => {
        await instances[n % 2]!.kill9();
        await instances[n % 2]!.start();
      }),
    );
    if (dialect === 'postgres') {
      work.push(holdTransactions(database.url, run.heldMs, traffic, signal));
      work.push(
        repeat(run.killReadersMs, async () => void (killedReaders += await killReaders(database.url))),
      );
    }
    // A failure ends the run early.
    await Promise.race([sleep(run.durationMs), ...work]);
    ending.abort();
    await Promise.all(work);

    const stored = await readFeed(urls[0]!);
    const expectedKept = stored.filter(({ userId }) => keptUsers.includes(userId)).length;
    if (expectedKept !== traffic.keptCount) {
      faults.push(`${traffic.keptCount} kept entries were acknowledged, ${expectedKept} are stored`);
    }
    const held = stored.filter(({ userId }) => userId === heldUser).length;
    if (held !== traffic.heldCount) faults.push(`${traffic.heldCount} held entries, ${held} are in the feed`);
    const reference = consumers[0]!.copy;
    const differences = (): string[] => consumers.flatMap(({ copy }) => copy.differences(stored, reference));
    const deadline = performance.now() + maxCatchUpMs;
    while (differences().length > 0 && performance.now() < deadline) await sleep(250);
    faults.push(...differences());
    const hashes = new Set(
      consumers
        .filter(({ copy }) => Object.keys(copy.filter).length === 0)
        .map(({ copy }) => hash(copy.order.filter((id) => copy.entries.has(id)))),
    );
    if (hashes.size !== 1) faults.push(`${hashes.size} orders among the consumers without a filter`);
    report(describeRun(stored, traffic, consumers, killedReaders));
    faults.push(...instances.flatMap((instance) => instance.ends()));
  } finally {
    ending.abort();
    await Promise.allSettled(work);
    await Promise.all(consumers.map((consumer) => consumer.stop()));
    await cleanUp();
    await database.remove();
  }
  return faults;
}

/** All entries that the feed has from its beginning. */
export async function readFeed(url: string): Promise<readonly FeedEntry[]> {
  const entries: FeedEntry[] = [];
  for (let after: string | null = null; ;) {
    const reply = await call(url, logChanges, { after });
    const page = reply.isAnswered ? reply.body?.data?.logChanges : undefined;
    if (!page) throw new Error(JSON.stringify(reply));
    entries.push(...page.entries);
    if (!page.hasMore) return entries;
    after = page.cursor;
  }
}

function hash(ids: readonly string[]): string {
  return createHash('sha256').update(ids.join()).digest('hex');
}

function describeRun(
  stored: readonly FeedEntry[],
  { erasings, heldCount }: Traffic,
  consumers: readonly Consumer[],
  killedReaders: number,
): string {
  const lines = consumers.map(({ copy, failures }) => {
    const reasons = [...failures].map(([reason, count]) => `${count} × ${reason}`).join(', ');
    return `${copy.name}: ${copy.order.length} entries, ${copy.erasureCount} erasures; ${reasons || 'no failures'}`;
  });
  const of = `${stored.length} entries stored, ${erasings} erasings, ${heldCount} held, ${killedReaders} readers killed`;
  return [of, ...lines].join('\n');
}
