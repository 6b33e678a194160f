import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildSchema } from 'graphql';
import { dialect } from '../../support/database/database';
import { openGraphQL, type OpenGraphQL } from '../support/graphql';
import { schemaDocuments, type Literals } from '../support/schema-documents';

let open: OpenGraphQL;
let cursor: string;

beforeAll(async () => {
  open = await openGraphQL();
  for (const [at, userId] of ['u1', 'u2', 'ü"\\', '__proto__'].entries()) {
    for (const sessionId of ['s', `s${at}`]) {
      await open.services.recorder.recordSession({
        userId,
        sessionId,
        actions: [
          {
            time: '2018-10-18T21:37:28-06:00',
            type: 'CLICK',
            properties: { locationX: at, locationY: 7.5, 'a"b': [null, '\u2028},\n{'] },
          },
          {
            time: '2018-10-19T21:37:28.123456Z',
            type: 'VIEW',
            properties: { a: ',\\n', b: '},{' },
          },
          {
            time: '2019-01-01T00:00:00.5Z',
            type: '€ "\\ \n',
            properties: { ['__proto__']: 1, '': {} },
          },
        ],
      });
    }
  }
  const first = await open.ask({
    query: '{ logsConnection(first: 2) { pageInfo { endCursor } } }',
    variables: {},
    operationName: undefined,
  });
  cursor = JSON.parse(first).data.logsConnection.pageInfo.endCursor;
});
afterAll(() => open.close());

/** There are line breaks between entries, and PostgreSQL puts spaces into the properties; graphql-js does neither. */
function compact(answer: string): string {
  // In strings, line breaks are escaped.
  return dialect === 'sqlite' ? answer.replaceAll('\n', '') : JSON.stringify(JSON.parse(answer));
}

/** The first answer of an operation, and the one that it gets when it is known. */
async function askAgain(query: string, variables: Record<string, unknown>) {
  const request = { query, variables, operationName: undefined };
  const first = await open.ask(request);
  expect(await open.ask(request)).toBe(first);
  const known = await open.askFastPath(request);
  return { first, known: known === undefined ? undefined : compact(known) };
}

const entry = 'id time type properties userId sessionId receivedAt';
const documents: readonly (readonly [string, Record<string, unknown>?])[] = [
  [`{ logsConnection { nodes { ${entry} } } }`],
  [`{ logsConnection(first: 3) { edges { cursor node { ${entry} } } pageInfo { endCursor } } }`],
  [`{ logsConnection(first: 3) { nodes { id } edges { node { id } cursor } } }`],
  [`{ logsConnection(first: 3) { nodes { id time } edges { node { time id } } } }`],
  [`{ logsConnection(first: 3) { nodes { type } edges { cursor node { id properties } } } }`],
  [`{ logsConnection(first: 3) { a: nodes { id } b: nodes { x: type } c: edges { cursor } } }`],
  [
    `{ logsConnection(first: 3) { nodes { id } nodes { type } edges { cursor } edges { node { id type } } } }`,
  ],
  [
    `{ logsConnection(first: 3) { edges { c: cursor d: cursor __typename node { __typename n: id } } } }`,
  ],
  [`{ logsConnection(first: 3) { edges { a: node { id } b: node { id } } } }`],
  [`{ logsConnection(first: 3) { edges { a: node { id } b: node { time properties } cursor } } }`],
  [`{ logsConnection(first: 3) { edges { node { id } node { type } } nodes { id type } } }`],
  [`{ logsConnection { edges { __typename } nodes { __typename } __typename } }`],
  [`{ logsConnection { totalCount { value exact __typename } } }`],
  [`{ logsConnection { a: totalCount(upTo: 2) { value exact } b: totalCount { v: value } } }`],
  [
    `{ logsConnection { pageInfo { hasNextPage hasPreviousPage startCursor endCursor __typename } } }`,
  ],
  [
    `{ logsConnection(filter: { userIds: "nobody" }) { nodes { id } edges { cursor } pageInfo { startCursor } } }`,
  ],
  [
    `query ($n: Int!, $u: Int = 3, $all: Boolean!, $f: LogFilter, $o: LogOrder! = TIME_DESC) {
      x: logsConnection(first: $n, filter: $f, order: $o) {
        ...Page totalCount(upTo: $u) @include(if: $all) { value exact }
      }
    }
    fragment Page on LogEntryConnection {
      nodes { id ...Rest @skip(if: $all) } edges { cursor node { id ...Rest @skip(if: $all) } }
    }
    fragment Rest on LogEntry { type properties time }`,
    { n: 2, all: false, f: { userIds: ['u1', '__proto__'], types: 'CLICK' } },
  ],
  [
    `query ($yes: Boolean!) { logsConnection(first: 2) {
      nodes @skip(if: $yes) { id } edges { cursor @skip(if: $yes) node @include(if: $yes) { id } }
      pageInfo @skip(if: $yes) { endCursor }
    } }`,
    { yes: true },
  ],
  [
    `query ($yes: Boolean!) { logsConnection(first: 2) {
      edges { cursor @skip(if: $yes) } nodes { id @skip(if: $yes) }
      pageInfo { endCursor @skip(if: $yes) }
    } logTypes @skip(if: $yes) { type } }`,
    { yes: true },
  ],
  [
    `query ($f: LogFilter) { logsConnection(filter: $f) { nodes { id } } }`,
    { f: { types: ['VIEW'], properties: [{ path: ['a'], is: { in: [',\\n', 1, true] } }] } },
  ],
  [`{ logTypes { type count firstTime lastTime __typename } few: logTypes(first: 1) { t: type } }`],
  [
    `{ logHistogram(interval: MONTH, groupBy: TYPE, topGroups: 1, timeZone: "Europe/London") {
      interval timeZone __typename buckets { start end count groups { key count } otherCount }
    } }`,
  ],
  [
    `query ($i: HistogramInterval!, $by: LogDimension) {
      logHistogram(interval: $i, groupBy: $by, filter: { startTime: "2018-10-18", endTime: "2018-10-20" }) {
        buckets { count groups { key } }
      }
    }`,
    { i: 'DAY', by: 'USER' },
  ],
  [`{ logHistogram(interval: DAY, filter: { types: "none" }) { buckets { start } interval } }`],
  [
    `{ clickMap { cell maxCount cells { x y count } } b: clickMap(x: "nothing", cell: 1) { cells { x } maxCount } }`,
  ],
  [`query ($c: Int = 2) { clickMap(cell: $c) { cells { __typename y } } }`],
  [`{ session(userId: "u1", sessionId: "nothing") { userId entries { nodes { id } } } }`],
  [
    `{ session(userId: "u1", sessionId: "s") { userId sessionId startedAt endedAt entryCount __typename } }`,
  ],
  [
    `query ($n: Int!) { session(userId: "u1", sessionId: "s") {
      entries(first: $n) { nodes { ${entry} } pageInfo { endCursor hasNextPage } }
      last: entries(first: 1, order: TIME_DESC) { edges { cursor node { id } } totalCount { value } }
    } }`,
    { n: 2 },
  ],
  [
    `query ($n: Int!) { sessions { nodes { userId entries(first: $n) { nodes { id } } } } }`,
    { n: 2 },
  ],
  [
    `query ($n: Int!, $skip: Boolean!) { sessions(first: $n, filter: { userIds: ["u1", "u2"] }) {
      edges { cursor node { ...S } } nodes { ...S s: sessionId }
      pageInfo { hasNextPage endCursor }
    } }
    fragment S on Session {
      startedAt entries(first: $n) @skip(if: $skip) { edges { node { type } } totalCount(upTo: 1) { value exact } }
    }`,
    { n: 2, skip: false },
  ],
  [
    `{ sessions(filter: { userIds: "nobody" }) { nodes { userId } edges { cursor } pageInfo { endCursor hasNextPage } } }`,
  ],
  [
    `{ none: session(userId: "u1", sessionId: "x") { entryCount }
      serverInfo { version limits { maxPageSize } retentionDays } __typename
      logs(user: "u1") { id } logsConnection(first: 1) { nodes { id } } }`,
  ],
];

describe('an operation that is known', () => {
  it.each(documents)('is answered as the first time: %s', async (query, variables = {}) => {
    const { first, known } = await askAgain(query, variables);
    expect(first).not.toContain('"errors"');
    expect(known).toBe(first);
  });

  it.each([
    [
      `query ($c: String) { logsConnection(first: 2, after: $c) { nodes { id } pageInfo { hasPreviousPage endCursor } } }`,
    ],
    [
      `query ($c: String!) { logsConnection(after: $c) { edges { cursor } pageInfo { startCursor } } }`,
    ],
  ])('goes on after a cursor: %s', async (query) => {
    const { first, known } = await askAgain(query, { c: cursor });
    expect(first).not.toContain('"errors"');
    expect(known).toBe(first);
    const wrong = await askAgain(query, { c: `${cursor}A` });
    expect(wrong.first).toContain('"errors"');
    expect(wrong.known).toBeUndefined();
  });

  it('takes other variables than the first time', async () => {
    const query = `query ($f: LogFilter, $n: Int! = 2, $o: LogOrder!, $yes: Boolean!) {
      logsConnection(filter: $f, first: $n, order: $o) { nodes { id type @include(if: $yes) } }
    }`;
    const seen = new Set<string>();
    for (const variables of [
      { o: 'TIME_ASC', yes: true },
      { o: 'TIME_DESC', yes: false, f: null },
      { o: 'TIME_DESC', yes: true, n: 9, f: { userIds: 'u1' } },
      { o: 'TIME_ASC', yes: false, f: { startTime: '2019-01-01', properties: null } },
    ]) {
      const { first, known } = await askAgain(query, variables);
      expect(known).toBe(first);
      seen.add(first);
    }
    expect(seen.size).toBe(4);
  });
});

const literals: Literals = {
  timeZone: ['"UTC"', '"Europe/London"', '"Asia/Kathmandu"', '"America/Havana"', '"x"'],
  userId: ['"u1"', '"u2"', '"__proto__"', '"nobody"'],
  sessionId: ['"s"', '"s"', '"s1"', '"nothing"'],
  after: ['null', 'null', 'null', '"x"'],
  String: ['"locationX"', '"locationY"', '"a"', '""', '"\\u0000"'],
  Int: ['1', '2', '3', '9', '100', '1', '2', '3', '9', '100', '0'],
  LogOrder: ['TIME_ASC', 'TIME_DESC'],
  HistogramInterval: ['DAY', 'WEEK', 'MONTH', 'MONTH'],
  LogDimension: ['TYPE', 'USER'],
  DateTime: ['"2018-10-19"', '"2019-01-01T00:00:00Z"'],
  SessionFilter: [
    '{ userIds: ["u1", "u2"] }',
    '{ startTime: "2018-10-01", endTime: "2018-11-01" }',
    '{}',
    'null',
    '{ userIds: [] }',
  ],
  LogFilter: [
    'null',
    '{}',
    '{ userIds: ["u1"] }',
    '{ userIds: "u2", types: ["CLICK", "VIEW"] }',
    '{ sessionIds: ["s"], startTime: "2018-10-19T03:37:28Z", endTime: "2018-12-31" }',
    '{ types: ["CLICK"], properties: [{ path: ["locationX"], is: { gte: 1 } }] }',
    '{ types: ["VIEW"], properties: { path: "a", is: { exists: true } } }',
    '{ types: ["CLICK"], properties: [{ path: ["locationX"], is: { in: [0, 3, "1"] } }] }',
    '{ userIds: [] }',
  ],
};

describe('500 generated documents', () => {
  it('are answered byte for byte as by graphql-js', async () => {
    const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
    const roots = ['logsConnection', 'logHistogram', 'logTypes', 'clickMap', 'session', 'sessions'];
    const counts = { fast: 0, errors: 0, invalid: 0 };
    await fc.assert(
      fc.asyncProperty(schemaDocuments(schema, literals, roots), async ({ query, variables }) => {
        const { first, known } = await askAgain(query, variables);
        if (first.includes('"errors":')) {
          counts.errors++;
          if (first.includes('GRAPHQL_')) counts.invalid++;
          expect(known).toBeUndefined();
        } else if (known !== undefined) {
          counts.fast++;
          expect(known).toBe(first);
        }
      }),
      { numRuns: 500, seed: 20261125, endOnFailure: true },
    );
    // Otherwise little would have been compared.
    expect(counts.fast).toBeGreaterThan(200);
    expect(counts.errors).toBeGreaterThan(15);
    expect(counts.invalid).toBeLessThan(50);
  }, 240_000);
});
