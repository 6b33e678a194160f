import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  buildClientSchema,
  getIntrospectionQuery,
  isScalarType,
  isSpecifiedScalarType,
  printSchema,
  type GraphQLInputObjectType,
  type IntrospectionQuery,
} from 'graphql';
import { queries, type Request } from '../support/documents';
import { caseCount } from '../../support/scale';
import { openGraphQL, type OpenGraphQL } from '../support/graphql';
import { outcomeOf, publicSchema, type Outcome } from '../support/reference';
import { schemaDocuments, type Literals } from '../support/schema-documents';
import { openPrincipal } from '../../../src/logs/access/principal';

let open: OpenGraphQL;
let cursor: string;

beforeAll(async () => {
  open = await openGraphQL();
  for (const [at, userId] of ['u1', 'u2', 'ü"\\', '__proto__'].entries()) {
    for (const sessionId of ['s', `s${at}`]) {
      await open.services.recorder.recordSession(
        {
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
        },
        openPrincipal,
      );
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

/**
 * Asks three times: by way of Apollo Server, without it, and by way of Apollo Server with a known document. Each answer must
 * be that of graphql-js over the public schema.
 */
async function expectReference(request: Request): Promise<Outcome> {
  const expected = await open.askReference(request);
  const first = await open.ask(request);
  const known = await open.askKnown(request);
  // graphql-js has no limits.
  if (first.includes('The operation may read')) return outcomeOf(first);
  // As text, since the members of objects have an order.
  expect(textOf(outcomeOf(first))).toBe(textOf(expected));
  for (const answer of [known, await open.ask(request)]) {
    if (answer !== undefined) expect(textOf(outcomeOf(answer))).toBe(textOf(expected));
  }
  return expected;
}

/** Of several fields that fail at the same time, any one may be the first, and make all of the answer null. */
const textOf = ({ data, errors }: Outcome): string =>
  JSON.stringify(data === null ? { data, errors: errors!.map(({ code }) => code) } : { data, errors });

const requestOf = (query: string, variables: Record<string, unknown> = {}): Request => ({
  query,
  variables,
  operationName: undefined,
});

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
  [`{ logsConnection(first: 3) { edges { c: cursor d: cursor __typename node { __typename n: id } } } }`],
  [`{ logsConnection(first: 3) { edges { a: node { id } b: node { id } } } }`],
  [`{ logsConnection(first: 3) { edges { a: node { id } b: node { time properties } cursor } } }`],
  [`{ logsConnection(first: 3) { edges { node { id } node { type } } nodes { id type } } }`],
  [`{ logsConnection { edges { __typename } nodes { __typename } __typename } }`],
  [`{ logsConnection { totalCount { value exact __typename } } }`],
  [`{ logsConnection { a: totalCount(upTo: 2) { value exact } b: totalCount { v: value } } }`],
  [`{ logsConnection { pageInfo { hasNextPage hasPreviousPage startCursor endCursor __typename } } }`],
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
    } logTypes @skip(if: $yes) { types { type } } }`,
    { yes: true },
  ],
  [
    `query ($f: LogFilter) { logsConnection(filter: $f) { nodes { id } } }`,
    { f: { types: ['VIEW'], properties: [{ path: ['a'], is: { in: [',\\n', 1, true] } }] } },
  ],
  [
    `{ logTypes { types { type count firstTime lastTime __typename } } few: logTypes(first: 1) { types { t: type } } }`,
  ],
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
  [`{ session(userId: "u1", sessionId: "s") { userId sessionId startedAt endedAt entryCount __typename } }`],
  [
    `query ($n: Int!) { session(userId: "u1", sessionId: "s") {
      entries(first: $n) { nodes { ${entry} } pageInfo { endCursor hasNextPage } }
      last: entries(first: 1, order: TIME_DESC) { edges { cursor node { id } } totalCount { value } }
    } }`,
    { n: 2 },
  ],
  [`query ($n: Int!) { sessions { nodes { userId entries(first: $n) { nodes { id } } } } }`, { n: 2 }],
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

describe('an operation is answered as by graphql-js', () => {
  it.each(documents)('%s', async (query, variables = {}) => {
    const request = requestOf(query, variables);
    expect(await expectReference(request)).not.toHaveProperty('errors');
    expect(await open.askKnown(request)).toBeDefined();
  });

  it.each([
    [
      `query ($c: String) { logsConnection(first: 2, after: $c) { nodes { id } pageInfo { hasPreviousPage endCursor } } }`,
    ],
    [`query ($c: String!) { logsConnection(after: $c) { edges { cursor } pageInfo { startCursor } } }`],
  ])('after a cursor: %s', async (query) => {
    expect(await expectReference(requestOf(query, { c: cursor }))).not.toHaveProperty('errors');
    expect(await expectReference(requestOf(query, { c: `${cursor}A` }))).toHaveProperty('errors');
  });

  it('with other variables than the first time', async () => {
    const query = `query ($f: LogFilter, $n: Int! = 2, $o: LogOrder!, $yes: Boolean!) {
      logsConnection(filter: $f, first: $n, order: $o) { nodes { id type @include(if: $yes) } }
      logs(user: "u1") @skip(if: $yes) { id }
    }`;
    const seen = new Set<string>();
    for (const variables of [
      { o: 'TIME_ASC', yes: true },
      { o: 'TIME_DESC', yes: false, f: null },
      { o: 'TIME_DESC', yes: true, n: 9, f: { userIds: 'u1' } },
      { o: 'TIME_ASC', yes: false, f: { startTime: '2019-01-01', properties: null } },
    ]) {
      seen.add(JSON.stringify(await expectReference(requestOf(query, variables))));
    }
    expect(seen.size).toBe(4);
  });

  it('with fields that are there, are not there, and are there again', async () => {
    const query = `query ($yes: Boolean!) {
      logs(user: "u1") { id ... on LogEntry @include(if: $yes) { type } ...F }
      logsConnection(first: 2) { nodes { id time @include(if: $yes) } }
    }
    fragment F on LogEntry { userId @include(if: $yes) }`;
    for (const yes of [true, false, true]) {
      const { data } = await expectReference(requestOf(query, { yes }));
      expect(Object.keys((data as { logs: object[] }).logs[0]!)).toHaveLength(yes ? 3 : 1);
    }
  });

  it('with a Float in a variable', async () => {
    const query = `query ($n: Float) { logTypes(filter: {
      types: "CLICK", properties: { path: ["locationX"], is: { gte: $n } }
    }) { types { count } } }`;
    const { data } = await expectReference(requestOf(query, { n: 1.5 }));
    expect(data).toEqual({ logTypes: { types: [{ count: 4 }] } });
    expect(await expectReference(requestOf(query, { n: '1' }))).not.toHaveProperty('data');
  });

  it('with variables inside of literals', async () => {
    const query = `query ($u: String!, $users: [String!], $is: PropertyPredicate!, $any: JSON = 0, $no: DateTime) {
      a: logsConnection(filter: { userIds: [$u, "u2"], types: ["CLICK"] }) { nodes { userId } }
      b: logTypes(filter: { userIds: $users, startTime: $no }) { types { count } }
      c: logTypes(filter: { types: ["CLICK"], properties: [{ path: ["locationX"], is: $is }] }) { types { count } }
      d: logTypes(filter: { types: ["CLICK"], properties: [{ path: ["locationX"], is: { in: [$any, 1] } }] }) { types { count } }
    }`;
    const variables = { u: 'u1', users: 'u1', is: { exists: true } };
    const { data } = await expectReference(requestOf(query, variables));
    expect(data).toMatchObject({ c: { types: [{ count: 8 }] }, d: { types: [{ count: 4 }] } });
    await expectReference(requestOf(query, { ...variables, users: [] }));
    // A part of an input is checked where it is used, also when it is a variable.
    const answer = JSON.parse(await open.ask(requestOf(query, { ...variables, is: {} })));
    expect(answer).toMatchObject({ data: null, errors: [{ path: ['c'] }] });
    expect(answer.errors[0].extensions.violations).toMatchObject([{ path: 'filter.properties[0].is' }]);
  });

  it.each([
    ['RecordSessionInput', { userId: 'u', sessionId: 's', actions: [], more: 1 }],
    [
      'RecordSessionInput',
      { userId: 'u', sessionId: 's', actions: { time: '2020-01-01', type: 'T', more: 1 } },
    ],
    ['LogFilter', { user: 'u' }],
    ['LogFilter', { userIds: ['u'], properties: { path: 'a', is: { gt: 1 }, more: 1 } }],
    ['LogFilter', { userIds: ['u'], properties: { path: 'a', is: { gt: 1, like: 1 } } }],
    ['SessionFilter', { types: ['T'] }],
  ])('with a field that a %s does not have: %j', async (type, value) => {
    const field = {
      RecordSessionInput: 'mutation ($v: RecordSessionInput!) { recordSession(input: $v) { replayed } }',
      LogFilter: 'query ($v: LogFilter) { logTypes(filter: $v) { types { type } } }',
      SessionFilter: 'query ($v: SessionFilter) { sessions(filter: $v) { nodes { userId } } }',
    }[type]!;
    const { errors } = await expectReference(requestOf(field, { v: value }));
    expect(errors).toEqual([{ code: 'BAD_USER_INPUT', path: undefined }]);
  });
});

describe('introspection', () => {
  it('shows the schema of the SDL', async () => {
    const { data } = await expectReference(
      requestOf(getIntrospectionQuery({ schemaDescription: true, specifiedByUrl: true, oneOf: true })),
    );
    const shown = buildClientSchema(data as IntrospectionQuery);
    expect(printSchema(shown)).toBe(printSchema(publicSchema));
    expect(shown.description).toMatch(/\w{3}/);
    // printSchema leaves it out.
    const predicate = shown.getType('PropertyPredicate') as GraphQLInputObjectType;
    expect(predicate.isOneOf).toBe(true);
    for (const type of Object.values(shown.getTypeMap())) {
      if (!isScalarType(type) || isSpecifiedScalarType(type)) continue;
      expect([type.name, type.description, type.specifiedByURL]).not.toContain(null);
    }
  });

  it('may stand beside other fields, with variables', async () => {
    const query = `query ($f: LogFilter, $name: String!) {
      __type(name: $name) { kind inputFields { name } } __typename
      logsConnection(filter: $f) { totalCount { value } }
    }`;
    const variables = { name: 'LogFilter', f: { userIds: 'u1' } };
    const { data } = await expectReference(requestOf(query, variables));
    expect(data).toMatchObject({ __type: { kind: 'INPUT_OBJECT' } });
    await expectReference(requestOf(query, { ...variables, f: { userIds: [] } }));
  });

  it.each([
    '{ __schema { queryType { name } } logs { id } }',
    '{ __type(name: "Query") { name } ...F } fragment F on Query { logsConnection { edges { cursor } } }',
    'query A { __schema { queryType { name } } } query B { logs { id } }',
    '{ __schema { queryType { name } } logHistogram(interval: DAY) { buckets { groups { key } } } }',
  ])('does not stand beside lists of entries or counts: %s', async (query) => {
    const request = { query, variables: {}, operationName: query.includes('A') ? 'A' : undefined };
    for (let asked = 1; asked <= 3; asked++) {
      const { errors, data } = JSON.parse(await open.ask(request));
      expect(data).toBeUndefined();
      expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
      expect(errors[0].message).toContain('two requests');
      expect(await open.askKnown(request)).toBeUndefined();
    }
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

describe('generated documents', () => {
  const numRuns = caseCount(40, 150);

  async function expectAll(documents: fc.Arbitrary<Request>) {
    const counts = { answered: 0, failed: 0, refused: 0 };
    const property = fc.asyncProperty(documents, async (request) => {
      const { errors, data } = await expectReference(request);
      if (!errors) counts.answered++;
      else if (data !== undefined) counts.failed++;
      else counts.refused++;
    });
    await fc.assert(property, { numRuns, seed: 20261125, endOnFailure: true });
    return counts;
  }

  it('of logs are answered as by graphql-js', async () => {
    const counts = await expectAll(queries);
    expect(counts.answered).toBeGreaterThan(numRuns / 3);
    expect(counts.refused).toBeGreaterThan(numRuns / 40);
  });

  it('of every query are answered as by graphql-js', async () => {
    const roots = ['logsConnection', 'logHistogram', 'logTypes', 'clickMap', 'session', 'sessions'];
    const counts = await expectAll(schemaDocuments(publicSchema, literals, roots));
    expect(counts.answered).toBeGreaterThan(numRuns / 3);
    expect(counts.failed).toBeGreaterThan(numRuns / 40);
    expect(counts.refused).toBeGreaterThan(0);
  });
});
