import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import type { SessionSummary } from '../../src/logs/log-entry-repository';
import type { Select } from '../../src/storage/dialect';
import { createQueries } from '../../src/storage/queries';
import { createReads } from '../../src/storage/reads';
import { createWriter } from '../../src/storage/sqlite/data-source';
import { sqlite } from '../../src/storage/sqlite/dialect';
import { insertSessions } from '../../src/storage/sqlite/statements';
import { caseCount } from '../support/scale';

let dataSource: DataSource;
let stored: readonly SessionSummary[];
beforeAll(async () => {
  dataSource = await createWriter(':memory:').initialize();
  await dataSource.runMigrations();
  const sessions = new Map<string, SessionSummary>();
  // Few times, so that several sessions start at once, and several entries have the time of the first one.
  const rows = Array.from({ length: 150 }, (_, n) => {
    const [userId, sessionId] = [`u${(n * n) % 5}`, `s${(n * 7) % 11}`];
    const times = Array.from({ length: 1 + (n % 4) }, (_unused, at) => ((n * 13) % 40) + (at >> 1));
    const key = `${userId} ${sessionId}`;
    const { startedAt, endedAt, entryCount } = sessions.get(key) ?? {
      startedAt: 99n,
      endedAt: 0n,
      entryCount: 0,
    };
    const [first, last] = [BigInt(times[0]!), BigInt(times.at(-1)!)];
    sessions.set(key, {
      userId,
      sessionId,
      startedAt: first < startedAt ? first : startedAt,
      endedAt: last > endedAt ? last : endedAt,
      entryCount: entryCount + times.length,
    });
    return [userId, sessionId, times.map((time) => [time, 'T', {}]), times[0], times.at(-1)];
  });
  await dataSource.query(insertSessions(false), [JSON.stringify(rows), '0']);
  const keyOf = ({ startedAt, sessionId, userId }: SessionSummary): string =>
    `${String(startedAt).padStart(2, '0')} ${sessionId} ${userId}`;
  stored = [...sessions.values()].sort((one, other) => (keyOf(one) < keyOf(other) ? 1 : -1));
});
afterAll(() => dataSource.destroy());

it('sessions of users are those of a brute force, however many entries a bounded read may pass', async () => {
  const ways = new Set<string>();
  const instant = fc.option(fc.bigInt({ min: 0n, max: 45n }), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.constantFrom('u0', 'u1', 'u4', 'none'), { minLength: 1 }),
      instant,
      instant,
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 60 }),
      async (userIds, startTime, endTime, first, maxPassed) => {
        const all = async <Row>({ sql, values }: Select): Promise<Row[]> => {
          if (sql.includes('started_at')) ways.add(sql.includes('log_entry') ? 'entries' : 'all');
          return dataSource.query<Row[]>(sql, [...values]);
        };
        const reads = createReads(
          createQueries(sqlite, 1_000_000, () => maxPassed),
          {
            all,
            entries: async () => null,
          },
        );
        const found: SessionSummary[] = [];
        let page: readonly SessionSummary[];
        do {
          const query = { filter: { userIds, startTime, endTime }, first, after: found.at(-1) };
          page = await reads.findSessions(query, { mustBeLatest: true });
          found.push(...page);
        } while (page.length === first);
        const matching = stored.filter(
          ({ userId, startedAt }) =>
            (userIds as string[]).includes(userId) &&
            (startTime === undefined || startedAt >= startTime) &&
            (endTime === undefined || startedAt < endTime),
        );
        expect(found).toEqual(matching);
      },
    ),
    { numRuns: caseCount(150, 3_000) },
  );
  expect([...ways].sort()).toEqual(['all', 'entries']);
});
