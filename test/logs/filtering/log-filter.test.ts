import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  countClicks,
  countInBuckets,
  filterEntries,
  filterSessions,
  needsBound,
  rangeOf,
  summarizeTypes,
  sumUpSessions,
} from '../support/brute-force';
import { LiveEntry, liveColumns } from '../../../src/logs/feed/live-entry';
import { createEntryMatcher } from '../../../src/logs/feed/match-filter';
import { toChangesFilter } from '../../../src/logs/filtering/log-filter';
import { canonical } from '../../support/server/doors';
import { textOf } from '../support/instants';
import { logFilters, sessionFilters, type SentFilter, type SentPredicate } from '../support/log-filters';
import { createOddSessions } from '../support/odd-sessions';
import { recordAndKeep, type RecordedEntry } from '../support/recorded';
import { startServer, type GraphQLAnswer, type TestServer } from '../../support/server/server';
import { readWebSessions } from '../../support/server/web-sessions';
import { caseCount, isAll } from '../../support/scale';

/** A server, and all that it has, in the order of time and of recording there. */
interface Subject {
  readonly server: TestServer;
  readonly entries: readonly RecordedEntry[];
  /** The entries as the hub of the feed has them. */
  readonly live: readonly LiveEntry[];
  /** The ids in the order of commits: on PostgreSQL, commits of parallel sessions overlap. */
  readonly committed: readonly string[];
}

const filterCount = caseCount(100, 2_000);
const sumCount = caseCount(40, 500);
const sessionCount = caseCount(40, 400);

let directory: string;
let servers: readonly TestServer[];
let subjects: readonly Subject[];
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'log-manager-'));
  servers = [
    await startServer(),
    await startServer({ DATABASE_URL: `sqlite:${join(directory, 'test.sqlite')}` }),
  ];
  const sessions = [...readWebSessions().slice(0, caseCount(500, 1_100)), ...createOddSessions(100)];
  subjects = await Promise.all(
    servers.map(async (server) => {
      const entries = await recordAndKeep(server, sessions);
      return { server, entries, live: await readLive(server), committed: await readCommitted(server) };
    }),
  );
  const [{ entries }] = subjects as [Subject];
  expect(entries.length).toBeGreaterThan(caseCount(1_700, 3_500));
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(directory, { recursive: true });
});

/** All entries of a server, in the order of time. */
async function readLive(server: TestServer): Promise<readonly LiveEntry[]> {
  const names = liveColumns.map(({ key }) => key).join(' ');
  const query = `query ($after: String) { logsConnection(first: 1000, after: $after) {
    nodes { ${names} } pageInfo { endCursor hasNextPage }
  } }`;
  const found: LiveEntry[] = [];
  for (let after: unknown = null, more = true; more;) {
    const { data } = await server.graphql(query, { after });
    for (const node of data.logsConnection.nodes as unknown[]) {
      const bytes = Buffer.from(JSON.stringify(node));
      found.push(new LiveEntry({ commit: 0, id: found.length + 1 }, bytes, 0, bytes.length));
    }
    ({ endCursor: after, hasNextPage: more } = data.logsConnection.pageInfo);
  }
  return found;
}

/** The ids of all entries of a server, in the order of commits. */
async function readCommitted(server: TestServer): Promise<readonly string[]> {
  const query = `query ($after: String) { logChanges(after: $after, first: 1000) {
    entries { id } cursor hasMore
  } }`;
  const ids: string[] = [];
  for (let after: unknown = null, more = true; more;) {
    const { data } = await server.graphql(query, { after });
    ids.push(...data.logChanges.entries.map(({ id }: { id: string }) => id));
    ({ cursor: after, hasMore: more } = data.logChanges);
  }
  return ids;
}

/** Asks both servers, and compares each answer with what is expected of that one. */
async function compareAll(
  query: string,
  variables: object,
  expected: (subject: Subject) => object,
): Promise<void> {
  await Promise.all(
    subjects.map(async (subject) => {
      const answer = await subject.server.graphql(query, variables);
      const [found, wanted] = [outlineOf(answer), expected(subject)];
      // Jest takes far longer than the servers do.
      if (JSON.stringify(found) !== JSON.stringify(wanted)) expect(found).toEqual(wanted);
    }),
  );
}

/** What is compared of an answer: the data; of errors, the codes and the paths of what is wrong. */
function outlineOf({ data, errors }: GraphQLAnswer): object {
  if (!errors) return data as object;
  return {
    errors: [...new Set(errors.map(({ extensions }) => extensions.code))],
    paths: [
      ...new Set(errors.flatMap(({ extensions }) => extensions.violations?.map(({ path }) => path) ?? [])),
    ],
  };
}

/** What is expected of a filter that is refused. */
function refusalOf(filter: SentFilter): object | undefined {
  const [start, end] = rangeOf(filter);
  if (start !== undefined && end !== undefined && start > end) {
    return { errors: ['BAD_USER_INPUT'], paths: ['filter.startTime'] };
  }
  return needsBound(filter) ? { errors: ['FILTER_TOO_BROAD'], paths: [] } : undefined;
}

/** Every tenth document is sent only once, so that graphql-js answers it and not the fast path. */
let documentCount = 0;
const now = (query: string): string => (++documentCount % 10 > 0 ? query : `${query} # ${documentCount}`);

const pages = `query ($filter: LogFilter, $first: Int!, $upTo: Int!) {
  oldest: logsConnection(filter: $filter, first: $first) {
    nodes { id } pageInfo { hasNextPage hasPreviousPage } totalCount(upTo: $upTo) { value exact }
  }
  newest: logsConnection(filter: $filter, first: $first, order: TIME_DESC) {
    nodes { id } pageInfo { hasNextPage }
  }
}`;
const sums = `query (
  $filter: LogFilter, $first: Int!, $interval: HistogramInterval!, $groupBy: LogDimension,
  $topGroups: Int!, $x: String!, $y: String!, $cell: Int!
) {
  logTypes(filter: $filter, first: $first) { types { type count firstTime lastTime } otherTypeCount otherCount }
  logHistogram(filter: $filter, interval: $interval, groupBy: $groupBy, topGroups: $topGroups) {
    interval timeZone buckets { start end count groups { key count } otherCount } outsideCount
  }
  clickMap(filter: $filter, x: $x, y: $y, cell: $cell) { cell maxCount outsideCount cells { x y count } }
}`;

describe('both databases', () => {
  it('have each entry as it was sent', async () => {
    const query = `query ($after: String) { logsConnection(first: 1000, after: $after) {
      nodes { id time type properties userId sessionId } pageInfo { endCursor hasNextPage }
    } }`;
    for (const { server, entries } of subjects) {
      const found: unknown[] = [];
      for (let after: unknown = null, more = true; more;) {
        const { data } = await server.graphql(query, { after });
        found.push(...(data.logsConnection.nodes as unknown[]));
        ({ endCursor: after, hasNextPage: more } = data.logsConnection.pageInfo);
      }
      const sent = entries.map(({ id, micros, type, properties, userId, sessionId }) => ({
        ...{ id, time: textOf(micros), type, properties, userId, sessionId },
      }));
      expect(found.map(canonical)).toEqual(sent.map(canonical));
    }
  });

  it('give each entry once in the order of commits', () => {
    for (const { entries, committed } of subjects) {
      const ids = entries.map(({ id }) => id);
      expect(committed.toSorted()).toEqual(ids.toSorted());
    }
    // SQLite commits one session after another.
    const inFile = (subjects[1] as Subject).committed;
    expect(inFile).toEqual(inFile.toSorted((a, b) => Number(a) - Number(b)));
  });

  it('compare neighbouring doubles', async () => {
    // Pairs that SQLite reads as equal, and the edges of the doubles.
    const numbers = [
      ...[0.4624540907546488, 0.46245409075464877, 0.41799106962999377, 0.4179910696299938],
      ...[-3.054328492094703e-9, -3.0543284920947028e-9],
      ...[179496.8774203465, 179496.87742034651, 6.587459558269768e-309, 6.58745955826977e-309],
      ...[0, 5e-324, -5e-324, 1, 1.0000000000000002, 0.9999999999999999, 9007199254740991],
    ];
    const operators = ['gt', 'gte', 'lt', 'lte'];
    const compare = (operator: string, a: number, b: number): boolean =>
      (operator.startsWith('g') ? a > b : a < b) || (operator.endsWith('e') && a === b);
    const actions = numbers.map((n) => ({ time: '2026-01-01T00:00:00Z', type: 'N', properties: { n } }));
    const input = { userId: 'neighbours', sessionId: 's', actions };
    const query = `query ($is: PropertyPredicate!) { logsConnection(filter: {
      userIds: ["neighbours"], properties: [{ path: ["n"], is: $is }] }) { nodes { properties } } }`;
    for (const { server } of subjects) {
      await server.graphql(
        `mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }`,
        { input },
      );
      for (const bound of [...numbers, 1.7976931348623157e308, -1.7976931348623157e308]) {
        for (const operator of operators) {
          const { data } = await server.graphql(query, { is: { [operator]: bound } });
          const found = data.logsConnection.nodes.map(
            (node: { properties: { n: number } }) => node.properties.n,
          );
          const expected = numbers.filter((n) => compare(operator, n, bound));
          expect({ operator, bound, found }).toEqual({ operator, bound, found: expected });
        }
      }
      await server.graphql(`mutation { deleteUserData(userId: "neighbours") { deletedCount } }`);
    }
  });

  it(`answer ${filterCount} generated filters as a brute force does`, async () => {
    const counts = {
      matched: 0,
      byProperty: 0,
      few: 0,
      empty: 0,
      tooBroad: 0,
      refused: 0,
      more: 0,
    };
    const [{ entries: all }] = subjects as [Subject];
    const options = fc.record({
      first: fc.constantFrom(1, 2, 5, 20, 100, 1_000),
      upTo: fc.constantFrom(1, 2, 10, 100, 10_000, 1_000_000),
    });
    await fc.assert(
      fc.asyncProperty(logFilters(all), options, async (filter, { first, upTo }) => {
        const refusal = refusalOf(filter);
        const passing = new Set(filterEntries(all, filter).map(({ sentAt }) => sentAt));
        const matching = passing.size;
        if (refusal && needsBound(filter)) counts.tooBroad++;
        else if (refusal) counts.refused++;
        else if (matching === 0) counts.empty++;
        else counts.matched++;
        if (!refusal && matching > 0 && filter.properties) counts.byProperty++;
        if (!refusal && matching > 0 && matching < all.length / 10) counts.few++;
        if (!refusal && matching > first) counts.more++;

        const isOrdered = !refusal || needsBound(filter);
        for (const { entries, live } of isOrdered ? subjects : []) {
          const matches = createEntryMatcher(toChangesFilter(filter));
          const found = live.flatMap((entry, at) => (matches(entry) ? [entries[at]!.sentAt] : []));
          if (found.length !== matching || !found.every((sentAt) => passing.has(sentAt))) {
            expect(found.sort()).toEqual([...passing].sort());
          }
        }

        if (isOrdered) {
          const query = `query ($filter: LogFilter, $first: Int!) {
            logChanges(filter: $filter, first: $first) { entries { id } hasMore }
          }`;
          await compareAll(now(query), { filter, first }, ({ entries, committed }) => {
            const passed = new Set(entries.filter(({ sentAt }) => passing.has(sentAt)).map(({ id }) => id));
            const ids = committed.filter((id) => passed.has(id)).map((id) => ({ id }));
            return { logChanges: { entries: ids.slice(0, first), hasMore: ids.length > first } };
          });
        }

        await compareAll(now(pages), { filter, first, upTo }, ({ entries }) => {
          if (refusal) return refusal;
          const ids = entries.filter(({ sentAt }) => passing.has(sentAt)).map(({ id }) => ({ id }));
          const hasNextPage = ids.length > first;
          return {
            oldest: {
              nodes: ids.slice(0, first),
              pageInfo: { hasNextPage, hasPreviousPage: false },
              totalCount: { value: Math.min(ids.length, upTo), exact: ids.length <= upTo },
            },
            newest: { nodes: ids.toReversed().slice(0, first), pageInfo: { hasNextPage } },
          };
        });
      }),
      { numRuns: filterCount },
    );
    // Else little has been compared.
    // A few filters may all miss one kind by chance.
    if (!isAll) return;
    expect(counts.matched).toBeGreaterThan(filterCount * 0.4);
    expect(counts.byProperty).toBeGreaterThan(filterCount * 0.2);
    expect(counts.few).toBeGreaterThan(filterCount * 0.2);
    expect(counts.more).toBeGreaterThan(filterCount * 0.1);
    expect(counts.empty).toBeGreaterThan(filterCount * 0.04);
    expect(counts.tooBroad).toBeGreaterThan(filterCount * 0.01);
    expect(counts.refused + 1).toBeGreaterThan(filterCount * 0.001);
  }, 300_000);

  it(`give the types, histograms and click maps of ${sumCount} generated filters as a brute force does`, async () => {
    const counts = { types: 0, otherTypes: 0, buckets: 0, others: 0, cells: 0, tooMany: 0 };
    const [{ entries: all }] = subjects as [Subject];
    const coordinate = fc.constantFrom('locationX', 'locationY', 'status', 'bytes', 'a', '"', '😀');
    const options = fc.record({
      first: fc.constantFrom(1, 2, 3, 1_000),
      interval: fc.constantFrom('DAY', 'HOUR'),
      groupBy: fc.constantFrom('TYPE', 'USER', null),
      topGroups: fc.constantFrom(1, 2, 5, 100),
      x: fc.oneof(fc.constant('locationX'), coordinate),
      y: fc.oneof(fc.constant('locationY'), coordinate),
      cell: fc.constantFrom(1, 3, 20, 1_000, 1_000_000),
    });
    const hour = 3_600_000_000n;
    await fc.assert(
      fc.asyncProperty(logFilters(all), options, async (filter, variables) => {
        const { first, interval, groupBy, topGroups, x, y, cell } = variables;
        const refusal = refusalOf(filter);
        const matching = filterEntries(all, filter);
        const length = interval === 'DAY' ? 24n * hour : hour;
        const counted = countInBuckets(matching, filter, {
          ...{ length, topGroups, groupBy: groupBy },
        });
        const logTypes = summarizeTypes(matching, first);
        const clickMap = countClicks(matching, x, y, cell) as { cells: object[] };
        counts.types += logTypes.types.length;
        counts.otherTypes += logTypes.otherTypeCount;
        counts.buckets += counted?.buckets.length ?? 0;
        counts.others += JSON.stringify(counted ?? '').match(/"otherCount":[1-9]/g)?.length ?? 0;
        counts.cells += clickMap.cells.length;
        if (!counted) counts.tooMany++;

        const tooMany = { errors: ['BAD_USER_INPUT'], paths: ['interval'] };
        const logHistogram = { interval, timeZone: 'UTC', ...counted };
        const expected = counted ? { logTypes, logHistogram, clickMap } : tooMany;
        // All that is summed up here is the same in any order of recording.
        await compareAll(now(sums), { filter, ...variables }, () => refusal ?? expected);
      }),
      { numRuns: sumCount },
    );
    // A few filters may all miss one kind by chance.
    if (!isAll) return;
    expect(counts.types).toBeGreaterThan(sumCount * 0.4);
    expect(counts.otherTypes).toBeGreaterThan(sumCount * 0.1);
    expect(counts.buckets).toBeGreaterThan(sumCount);
    expect(counts.others).toBeGreaterThan(sumCount * 0.1);
    expect(counts.cells).toBeGreaterThan(sumCount * 0.4);
    expect(counts.tooMany + 1).toBeGreaterThan(sumCount * 0.01);
  }, 300_000);

  it(`list the sessions of ${sessionCount} generated filters as a brute force does, page by page`, async () => {
    const query = `query ($filter: SessionFilter, $first: Int!, $after: String) {
      sessions(filter: $filter, first: $first, after: $after) {
        nodes { userId sessionId startedAt endedAt entryCount }
        pageInfo { hasNextPage hasPreviousPage endCursor }
      }
    }`;
    const all = sumUpSessions(subjects[0]!.entries);
    let found = 0;
    let followed = 0;
    await fc.assert(
      fc.asyncProperty(sessionFilters(all), fc.constantFrom(1, 2, 7, 50, 1_000), async (filter, first) => {
        const refusal = refusalOf(filter);
        const expected = filterSessions(all, filter).map((session) => ({
          ...session,
          startedAt: textOf(session.startedAt),
          endedAt: textOf(session.endedAt),
        }));
        const after: unknown[] = [];
        for (let page = 0; page < 3 && page * first <= expected.length; page++) {
          const nodes = expected.slice(page * first, (page + 1) * first);
          found += nodes.length;
          followed += page;
          await Promise.all(
            subjects.map(async ({ server }, at) => {
              const variables = { filter, first, after: after[at] };
              const answer = await server.graphql(now(query), variables);
              if (refusal) return expect(outlineOf(answer)).toEqual(refusal);
              const { endCursor, ...pageInfo } = answer.data.sessions.pageInfo as {
                endCursor: unknown;
              };
              after[at] = endCursor;
              expect(answer.data.sessions.nodes).toEqual(nodes);
              expect(pageInfo).toEqual({
                hasNextPage: expected.length > (page + 1) * first,
                hasPreviousPage: page > 0,
              });
            }),
          );
          if (refusal || nodes.length === 0) break;
        }
      }),
      { numRuns: sessionCount },
    );
    // A few filters may all miss one kind by chance.
    if (!isAll) return;
    expect(found).toBeGreaterThan(sessionCount * 2);
    expect(followed).toBeGreaterThan(sessionCount * 0.15);
  }, 300_000);

  it('take a number for the same however it is written, and for no text', async () => {
    for (const { server, entries } of subjects) {
      const key = entries.flatMap(({ properties }) =>
        Object.keys(properties).filter((name) => properties[name] === 1),
      )[0]!;
      const ask = async (predicate: string): Promise<unknown> => {
        const { data } = await server.graphql(
          `query ($key: String!) { logsConnection(first: 1000, filter: {
            startTime: "1970-01-01", properties: [{ path: [$key], is: { ${predicate} } }]
          }) { nodes { id } } }`,
          { key },
        );
        return data.logsConnection.nodes;
      };
      const expected = (is: SentPredicate) =>
        filterEntries(entries, { properties: [{ path: [key], is }] }).map(({ id }) => ({ id }));
      expect(expected({ equals: 1 }).length).toBeGreaterThan(0);
      for (const one of ['1', '1.0', '1e0', '10E-1', '0.1e+1']) {
        expect(await ask(`equals: ${one}`)).toEqual(expected({ equals: 1 }));
        expect(await ask(`gte: ${one}`)).toEqual(expected({ gte: 1 }));
      }
      for (const zero of ['0', '-0', '-0.0', '0e5']) {
        expect(await ask(`in: [${zero}]`)).toEqual(expected({ in: [0] }));
        expect(await ask(`lt: ${zero}`)).toEqual(expected({ lt: 0 }));
      }
      expect(await ask('equals: "1"')).toEqual(expected({ equals: '1' }));
      expect(await ask('in: [true]')).toEqual(expected({ in: [true] }));
    }
  });
});
