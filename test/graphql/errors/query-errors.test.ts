import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  filtered,
  queryDoors,
  type Arguments,
  type QueryDoor,
  type QueryFieldName,
} from '../support/query-fields';
import { withoutDatabase } from '../../support/database/database';
import { startServer, type AnsweredError, type TestServer } from '../../support/server/server';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  const { errors } = await server.graphql(`mutation { recordSession(input: {
    userId: "u", sessionId: "s", actions: { time: "2018-10-19T03:37:28Z", type: "CLICK" }
  }) { recordedCount } }`);
  expect(errors).toBeUndefined();
});
afterAll(() => server.stop());

type Row = readonly [mistake: string, args: Arguments, paths: string | readonly string[]];

const property = (is: unknown, path: unknown = ['a']) => ({
  filter: { types: ['CLICK'], properties: [{ path, is }] },
});
const at = 'filter.properties[0]';
const times = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item);

/** Mistakes that our own rules find. */
const filterRows: readonly Row[] = [
  ...(['userIds', 'sessionIds', 'types'] as const).flatMap((list): Row[] => {
    const longest = list === 'types' ? 200 : 256;
    return [
      [`an empty list of ${list}`, { filter: { [list]: [] } }, `filter.${list}`],
      [`101 ${list}`, { filter: { [list]: times(101, 'x') } }, `filter.${list}`],
      [`an empty text in ${list}`, { filter: { [list]: ['x', ''] } }, `filter.${list}[1]`],
      [
        `a text too long in ${list}`,
        { filter: { [list]: ['𝒰'.repeat(longest), 'x'.repeat(longest + 1)] } },
        `filter.${list}[1]`,
      ],
    ];
  }),
  ['a date that no calendar has', { filter: { startTime: '2018-02-29' } }, 'filter.startTime'],
  ['a time without an offset', { filter: { endTime: '2018-10-19T03:37:28' } }, 'filter.endTime'],
  ['a leap second', { filter: { endTime: '2016-12-31T23:59:60Z' } }, 'filter.endTime'],
  ['an empty time', { filter: { startTime: '' } }, 'filter.startTime'],
  ['a number as a time', { filter: { startTime: 1539920248 } }, 'filter.startTime'],
  [
    'a start after its end',
    { filter: { startTime: '2018-10-19T00:00:00.000001Z', endTime: '2018-10-19' } },
    'filter.startTime',
  ],
  [
    'two wrong times and an empty list',
    { filter: { userIds: [], startTime: 'x', endTime: 'y' } },
    ['filter.userIds', 'filter.startTime', 'filter.endTime'],
  ],
  ['no property filter', { filter: { types: ['T'], properties: [] } }, 'filter.properties'],
  [
    '11 property filters',
    {
      filter: {
        types: ['T'],
        properties: times(11, { path: ['a'], is: { exists: true } }),
      },
    },
    'filter.properties',
  ],
  ['a path of no key', property({ exists: true }, []), `${at}.path`],
  ['a path of 33 keys', property({ exists: true }, times(33, 'a')), `${at}.path`],
  ['a key with U+0000', property({ exists: true }, ['a', '\0']), `${at}.path[1]`],
  ['in: []', property({ in: [] }), `${at}.is.in`],
  ['in with 101 values', property({ in: times(101, 1) }), `${at}.is.in`],
  ['an object in `in`', property({ in: [1, { a: 1 }] }), `${at}.is.in[1]`],
  ['a list in `in`', property({ in: [1, true, [1]] }), `${at}.is.in[2]`],
  ['equals: {}', property({ equals: {} }), `${at}.is.equals`],
  ['equals: [1]', property({ equals: [1] }), `${at}.is.equals`],
  ['equals: 2^53', property({ equals: 2 ** 53 }), `${at}.is.equals`],
  ['in: [-2^53]', property({ in: [-(2 ** 53)] }), `${at}.is.in[0]`],
  ['U+0000 in equals', property({ equals: '\0' }), `${at}.is.equals`],
  ['a text of 32,769 characters', property({ equals: 'x'.repeat(32_769) }), `${at}.is.equals`],
  [
    'mistakes in two property filters',
    {
      filter: {
        types: ['T'],
        properties: [
          { path: [], is: { exists: true } },
          { path: ['a'], is: { exists: true } },
          { path: ['a'], is: { in: [] } },
        ],
      },
    },
    [`${at}.path`, 'filter.properties[2].is.in'],
  ],
];

/** Mistakes of type: in a literal, the document is not valid. */
const typeRows: readonly Row[] = [
  ['equals: null', property({ equals: null }), `${at}.is.equals`],
  ['in: null', property({ in: null }), `${at}.is.in`],
  ['exists: null', property({ exists: null }), `${at}.is.exists`],
  ['null in `in`', property({ in: [1, null] }), `${at}.is.in[1]`],
  ['two predicates', property({ equals: 1, exists: true }), `${at}.is`],
  ['two predicates, one of which is null', property({ equals: 1, in: null }), `${at}.is`],
  ['gt and lt in one predicate', property({ gt: 1, lt: 2 }), `${at}.is`],
  ['no predicate', property({}), `${at}.is`],
  ['null as a predicate', property(null), `${at}.is`],
  ['a text as a predicate', property('exists'), `${at}.is`],
  ['a predicate that does not exist', property({ matches: '.*' }), `${at}.is`],
  ['gt: "1"', property({ gt: '1' }), `${at}.is.gt`],
  ['lte: true', property({ lte: true }), `${at}.is.lte`],
  ['exists: 1', property({ exists: 1 }), `${at}.is.exists`],
  ['isNull: "true"', property({ isNull: 'true' }), `${at}.is.isNull`],
  ['null as a path', property({ exists: true }, null), `${at}.path`],
  ['a number in a path', property({ exists: true }, ['a', 0]), `${at}.path[1]`],
  ['null in a list', { filter: { userIds: ['x', null] } }, 'filter.userIds[1]'],
  ['a number in a list', { filter: { types: [1] } }, 'filter.types[0]'],
];

const pageRows = (...names: readonly [first: number, message: string][]): Row[] =>
  names.map(([first, mistake]) => [mistake, { first }, 'first']);
const firstRows = pageRows(
  [0, 'first: 0'],
  [-1, 'first: -1'],
  [1_001, 'first: 1001'],
  [2 ** 31 - 1, 'first: 2^31-1'],
);
const afterRows: readonly Row[] = [
  ['an empty cursor', { after: '' }, 'after'],
  ['a cursor that is none', { after: 'MTIz' }, 'after'],
  ['a cursor of other characters', { after: '😀\n' }, 'after'],
  ['a huge cursor', { after: 'A'.repeat(50_000) }, 'after'],
];

const ownRows: Readonly<Record<QueryFieldName, readonly Row[]>> = {
  logsConnection: [
    ...firstRows,
    ...afterRows,
    ['upTo: 0', { upTo: 0 }, 'upTo'],
    ['upTo: -1', { upTo: -1 }, 'upTo'],
    ['upTo: 1,000,001', { upTo: 1_000_001 }, 'upTo'],
    ['first: 0 and a wrong cursor', { first: 0, after: 'x' }, 'first'],
  ],
  logHistogram: [
    ['topGroups: 0', { topGroups: 0 }, 'topGroups'],
    ['topGroups: -1', { topGroups: -1 }, 'topGroups'],
    ['topGroups: 101', { topGroups: 101 }, 'topGroups'],
    ['no zone', { timeZone: '' }, 'timeZone'],
    ['a zone that nobody knows', { timeZone: 'Mars/Olympus_Mons' }, 'timeZone'],
    ['an offset as a zone', { timeZone: '+02:00' }, 'timeZone'],
    ['a zone with a blank', { timeZone: ' Europe/London' }, 'timeZone'],
    ['code as a zone', { timeZone: "UTC'; DROP TABLE log_entry; --" }, 'timeZone'],
    ['two mistakes', { timeZone: 'x', topGroups: 0 }, ['timeZone', 'topGroups']],
    ['more than 1,000 buckets', { filter: { startTime: '1900-01-01', endTime: '2018-01-01' } }, 'interval'],
  ],
  logTypes: firstRows,
  clickMap: [
    ['cell: 0', { cell: 0 }, 'cell'],
    ['cell: -1', { cell: -1 }, 'cell'],
    ['cell: 1,000,001', { cell: 1_000_001 }, 'cell'],
    ['U+0000 in x', { x: '\0' }, 'x'],
    ['U+0000 in y', { y: 'a\0b' }, 'y'],
    ['three mistakes', { x: '\0', y: '\0', cell: 0 }, ['x', 'y', 'cell']],
  ],
  session: [
    ['no user', { userId: '' }, 'userId'],
    ['no session', { sessionId: '' }, 'sessionId'],
    ['a user too long', { userId: 'x'.repeat(257) }, 'userId'],
    ['a session too long', { sessionId: '𝒰'.repeat(257) }, 'sessionId'],
    ['U+0000', { userId: '\0', sessionId: '\0' }, ['userId', 'sessionId']],
    ...firstRows,
    ...afterRows,
  ],
  sessions: [
    ...firstRows,
    ...afterRows,
    ['an empty list of userIds', { filter: { userIds: [] } }, 'filter.userIds'],
    ['101 userIds', { filter: { userIds: times(101, 'x') } }, 'filter.userIds'],
    ['a user too long', { filter: { userIds: ['x'.repeat(257)] } }, 'filter.userIds[0]'],
    ['an empty user', { filter: { userIds: ['x', ''] } }, 'filter.userIds[1]'],
    ['a wrong start', { filter: { startTime: 'yesterday' } }, 'filter.startTime'],
    ['a wrong end', { filter: { endTime: '2018-13-01' } }, 'filter.endTime'],
    [
      'a start after its end',
      { filter: { startTime: '2018-10-20', endTime: '2018-10-19T23:59:59Z' } },
      'filter.startTime',
    ],
  ],
};

const everyRow = (Object.keys(ownRows) as QueryFieldName[]).flatMap((field) =>
  [...ownRows[field], ...(filtered.some((name) => name === field) ? filterRows : [])].map(
    ([mistake, args, paths]) => ({ field, mistake, args, paths }),
  ),
);
const everyTypeRow = filtered.flatMap((field) =>
  typeRows.map(([mistake, args, paths]) => ({ field, mistake, args, paths })),
);

async function refusalOf(door: QueryDoor, field: QueryFieldName, args: Arguments) {
  const { errors, data } = await door.ask(server, field, args);
  expect(data?.[field] ?? null).toBeNull();
  expect(errors).toHaveLength(1);
  return errors![0]!;
}

function expectViolations({ message, extensions }: AnsweredError, paths: Row[2]): void {
  expect({ message, ...extensions }).toMatchObject({ code: 'BAD_USER_INPUT', retryable: false });
  const expected = typeof paths === 'string' ? [paths] : paths;
  expect(extensions.violations!.map(({ path }) => path)).toEqual(expected);
  expect(message.startsWith(`${expected[0]} `)).toBe(true);
  for (const violation of extensions.violations!) expect(violation.message).toMatch(/\w{3,}/);
  // What was sent is not sent back.
  expect(message.length).toBeLessThan(500);
}

describe.each(queryDoors)('a person who sends it as a $name', (door) => {
  it.each(withoutDatabase(everyRow))('and asks $field with $mistake is told where', async (row) => {
    const { field, args, paths } = row;
    expectViolations(await refusalOf(door, field, args), paths);
  });

  it.each(withoutDatabase(everyTypeRow))('and asks $field with $mistake is told where', async (row) => {
    const { field, args, paths } = row;
    const error = await refusalOf(door, field, args);
    if (door.name === 'literal') {
      expect(error.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
      expect(error).toHaveProperty('locations');
    } else {
      expectViolations(error, paths);
    }
  });

  it.each(filtered)('and asks %s by nothing but properties is told what else to give', async (field) => {
    const nothing = {
      userIds: null,
      sessionIds: null,
      types: null,
      startTime: null,
      endTime: null,
    };
    for (const bounds of [{}, nothing]) {
      const properties = [{ path: ['a'], is: { equals: 1 } }];
      const { message, extensions } = await refusalOf(door, field, {
        filter: { ...bounds, properties },
      });
      expect(extensions).toEqual({ code: 'FILTER_TOO_BROAD', retryable: false });
      expect(message).toMatch(/userIds.*sessionIds.*types.*startTime.*endTime/);
    }
  });

  it.each(filtered)('and asks %s with null for whatever may be null gets an answer', async (field) => {
    const nothing = { userIds: null, sessionIds: null, types: null, properties: null };
    for (const filter of [null, {}, nothing, { ...nothing, startTime: null, endTime: null }]) {
      const { errors, data } = await door.ask(server, field, { filter });
      expect(errors).toBeUndefined();
      expect(JSON.stringify(data[field])).toMatch(/:1\b|\[\]/);
    }
  });

  it('and exhausts what is allowed gets an answer', async () => {
    const properties = times(10, { path: times(32, ''), is: { in: times(100, 'x') } });
    // Not all of them as long as may be: a document has 100,000 characters at most.
    const ids = [...times(99, '𝒰'), '𝒰'.repeat(256)];
    const filter = {
      userIds: ids,
      sessionIds: ids,
      types: [...times(99, '𝒰'), '𝒰'.repeat(200)],
      properties,
    };
    for (const field of filtered) {
      expect((await door.ask(server, field, { filter })).errors).toBeUndefined();
    }
    const most = { first: 1_000, upTo: 1_000_000, cell: 1_000_000, topGroups: 100 };
    for (const [field, names] of [
      ['logsConnection', ['first', 'upTo']],
      ['logHistogram', ['topGroups']],
      ['logTypes', ['first']],
      ['clickMap', ['cell']],
      ['sessions', ['first']],
      ['session', ['first']],
    ] as const) {
      const args = Object.fromEntries(names.map((name) => [name, most[name]]));
      expect((await door.ask(server, field, args)).errors).toBeUndefined();
    }
  });
});

describe('a person', () => {
  it('who asks logs with ids that are too long or empty is told which', async () => {
    const query = 'query ($user: String, $type: String) { logs(user: $user, type: $type) { id } }';
    expect(
      (await server.graphql(query, { user: '𝒰'.repeat(256), type: '𝒰'.repeat(200) })).errors,
    ).toBeUndefined();
    for (const [user, type] of [
      ['x'.repeat(257), 'x'.repeat(201)],
      ['', ''],
    ]) {
      const { status, errors } = await server.graphql(query, { user, type });
      expect([status, errors!.length]).toEqual([200, 1]);
      expectViolations(errors![0]!, ['user', 'type']);
    }
  });

  it('who sends a filter of nothing but properties as a variable gets status 400', async () => {
    const query = 'query ($filter: LogFilter) { logTypes(filter: $filter) { otherCount } }';
    const filter = { properties: [{ path: ['a'], is: { equals: 1 } }] };
    const { status, errors } = await server.graphql(query, { filter });
    expect([status, errors![0]!.extensions.code]).toEqual([400, 'FILTER_TOO_BROAD']);
  });

  it('is told of every mistake in all arguments at once', async () => {
    const { errors } = await server.graphql(
      `{ logsConnection(filter: { userIds: [], startTime: "x" }, first: 0) { nodes { id } } }`,
    );
    expect(errors![0]!.extensions.violations!.map(({ path }) => path).sort()).toEqual([
      'filter.startTime',
      'filter.userIds',
      'first',
    ]);
  });

  it('who uses a variable inside of a predicate may not leave it out', async () => {
    const query = (type: string) => `query ($v: ${type}) {
      logsConnection(filter: { types: ["CLICK"], properties: [{ path: ["a"], is: { equals: $v } }] }) {
        nodes { id }
      }
    }`;
    for (let asked = 1; asked <= 4; asked++) {
      expect((await server.graphql(query('JSON!'), { v: 1 })).errors).toBeUndefined();
      for (const variables of [{}, { v: null }]) {
        const { errors } = await server.graphql(query('JSON!'), variables);
        expect(errors![0]!.extensions.violations).toMatchObject([{ path: 'v' }]);
      }
      const wrong = await server.graphql(query('JSON!'), { v: { a: 1 } });
      expect(wrong.errors![0]!.extensions.violations).toMatchObject([
        { path: 'filter.properties[0].is.equals' },
      ]);
      // The rules find what graphql-js overlooks: that the variable may be null.
      expect((await server.graphql(query('JSON'), { v: 1 })).errors).toBeUndefined();
      for (const [variables, path] of [
        [{}, `${at}.is`],
        [{ v: null }, `${at}.is.equals`],
      ] as const) {
        const { status, errors } = await server.graphql(query('JSON'), variables);
        expect(status).toBe(200);
        expect(errors).toHaveLength(1);
        expectViolations(errors![0]!, path);
      }
    }
  });

  it('who leaves out variables inside of several predicates is told of each', async () => {
    const query = `query ($a: Float, $b: Float = null, $c: Float = 1, $u: String, $l: [String!], $y: Boolean = true) {
      logTypes(filter: { types: ["T"], userIds: $l, startTime: null, properties: [
        { path: ["a"], is: { gt: $a } }, { path: ["a"], is: { gt: $c } }, { path: ["a"], is: { lt: $b } }
      ] }) { types { ...F } }
      clickMap(filter: { types: ["T"], properties: { path: ["a"], is: { gt: $a } } }) { cell }
      logs(user: $u) @include(if: $y) { id }
    }
    fragment F on LogTypeSummary { type }`;
    for (let asked = 1; asked <= 4; asked++) {
      const { errors } = await server.graphql(query, { l: null });
      const paths = errors!.map(({ extensions }) => extensions.violations!.map(({ path }) => path));
      const first = [`${at}.is`, 'filter.properties[2].is.lt'];
      expect(paths).toEqual([first, [`${at}.is`]].slice(0, paths.length));
      const right = await server.graphql(query, { a: 1, b: 2 });
      expect(right.errors).toBeUndefined();
      const condition = await server.graphql(query, { a: 1, b: 2, y: null });
      expectViolations(condition.errors![0]!, 'y');
    }
  });

  it.each([
    ['a; b', 'must be an integer from -2^31 to 2^31-1, not "a; b"'],
    ['" at "x"; y', 'must be an integer from -2^31 to 2^31-1, not "\\" at \\"x\\"; y"'],
  ])('who sends %j as an integer is told what is wrong with it', async (n, message) => {
    const { status, errors } = await server.graphql(
      'query ($n: Int!) { logTypes(first: $n) { types { type } } }',
      {
        n,
      },
    );
    expect(status).toBe(400);
    expect(errors).toEqual([
      {
        message: `n ${message}`,
        extensions: {
          code: 'BAD_USER_INPUT',
          retryable: false,
          violations: [{ path: 'n', message }],
        },
      },
    ]);
  });

  it('who names no time zone is shown that there is none', async () => {
    const { errors } = await server.graphql('{ logHistogram(interval: DAY, timeZone: "") { timeZone } }');
    expect(errors![0]!.message).toMatch(/, not ""$/);
  });

  it('who compares with a list within thousands is told that it is none', async () => {
    // JSON.stringify would overflow the stack.
    const deep = '['.repeat(20_000) + ']'.repeat(20_000);
    const query = `query ($f: LogFilter) { logTypes(filter: $f) { types { type } } }`;
    for (const is of [`{"equals":${deep}}`, `{"in":[1,${deep}]}`]) {
      const filter = `{"types":["T"],"properties":[{"path":["a"],"is":${is}}]}`;
      const body = `{"query":${JSON.stringify(query)},"variables":{"f":${filter}}}`;
      const { errors } = (await server.rest('POST', '/graphql', body)).body;
      expectViolations(errors[0], is.startsWith('{"e') ? `${at}.is.equals` : `${at}.is.in[1]`);
    }
  });

  it('who sends a list that is much too long gets the same answer again and again', async () => {
    const query = `query ($filter: LogFilter) { logTypes(filter: $filter) { types { type } } }`;
    for (let asked = 1; asked <= 4; asked++) {
      const { status, errors } = await server.graphql(query, {
        filter: { userIds: times(20_000, 'u'), types: times(101, 'T'), startTime: 'x' },
      });
      expect(status).toBe(400);
      expectViolations(errors![0]!, ['filter.userIds', 'filter.types', 'filter.startTime']);
    }
  });

  it('who writes a lone surrogate in an id, a key or a value is told where', async () => {
    const query = `query ($filter: LogFilter) { logTypes(filter: $filter) { types { type } } }`;
    for (const [filter, path] of [
      [{ userIds: ['\ud800'] }, 'filter.userIds[0]'],
      [property({ exists: true }, ['\udc00']).filter, `${at}.path[0]`],
      [property({ in: ['a', '\ud800'] }).filter, `${at}.is.in[1]`],
    ] as const) {
      const { errors } = await server.graphql(query, { filter });
      expectViolations(errors![0]!, path);
    }
  });
});
