import { expect, it } from '@jest/globals';
import { dialect } from '../support/database/database';
import { percentile } from '../support/percentile';
import { report } from '../support/processes/programs';
import { startServerProcess } from '../support/processes/server-process';
import { rssMbOf } from './support/feed-load';
import { openFilledDatabase } from './support/filled-database';

const entryCount = Number(process.env['FEED_ENTRIES'] ?? 10_000_000);
const minPerSecond = dialect === 'sqlite' ? 100_000 : 50_000;
const maxGrowthMb = 100;
/** Of a page at the end, to one at the beginning. */
const maxFactor = 1.5;

interface Page {
  readonly entries: readonly object[];
  readonly cursor: string;
  readonly hasMore: boolean;
}

const query = `query ($after: String) {
  logChanges(after: $after) {
    entries { id time type properties userId sessionId receivedAt }
    cursor
    hasMore
  }
}`;

it(`reads ${entryCount} entries from the beginning, at one rate and in flat memory`, async () => {
  const database = await openFilledDatabase(entryCount);
  const server = await startServerProcess({ DATABASE_URL: database.url });
  try {
    const pageMs: number[] = [];
    const rss: number[] = [];
    let count = 0;
    const startedAt = performance.now();
    for (let after: string | null = null; ;) {
      const pageAt = performance.now();
      const { body } = await server.graphql(query, { after });
      const { entries, cursor, hasMore }: Page = body.data.logChanges;
      pageMs.push(performance.now() - pageAt);
      if (pageMs.length % 100 === 0) rss.push(rssMbOf(server.pid));
      count += entries.length;
      if (!hasMore) break;
      after = cursor;
    }
    const perSecond = (1_000 * count) / (performance.now() - startedAt);
    const tenth = Math.ceil(pageMs.length / 10);
    const [first, last] = [pageMs.slice(0, tenth), pageMs.slice(-tenth)].map((part) => percentile(part, 0.5));
    const [firstRss, lastRss] = [rss[Math.ceil(rss.length / 10)]!, Math.max(...rss)];
    report(
      `${count} entries, ${perSecond.toFixed(0)} a second in ${pageMs.length} pages; median of a page ` +
        `${first!.toFixed(1)} ms in the first tenth, ${last!.toFixed(1)} ms in the last; p99 ` +
        `${percentile(pageMs, 0.99).toFixed(1)} ms; RSS ${firstRss.toFixed(0)} MB, at most ${lastRss.toFixed(0)} MB`,
    );
    expect(count).toBe(entryCount);
    expect(perSecond).toBeGreaterThan(minPerSecond);
    expect(last! / first!).toBeLessThan(maxFactor);
    expect(lastRss - firstRss).toBeLessThan(maxGrowthMb);
  } finally {
    await server.end('SIGKILL');
    await database.remove();
  }
});
