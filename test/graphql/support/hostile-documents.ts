export interface HostileRequest {
  readonly query: string;
  readonly variables?: object;
}

const many = (count: number, make: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => make(at)).join(' ');
const nest = (depth: number, open: string, inner: string, close: string): string =>
  open.repeat(depth) + inner + close.repeat(depth);

export const time = '2018-10-18T21:37:28.000Z';
const literalAction = (type: string): string =>
  `mutation { recordSession(input: { userId: "u", sessionId: "s", actions: [${type}] }) { recordedCount } }`;

/** A session of one action. */
export const sessionWith = (properties: unknown) => ({
  userId: 'u',
  sessionId: 's',
  actions: [{ time, type: 'T', properties }],
});

export function nestedValue(depth: number): unknown {
  let value: unknown = [];
  for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { a: value };
  return value;
}

const filtered = 'query ($f: LogFilter) { logsConnection(filter: $f, first: 5) { nodes { id } } }';
const withProperty = (path: unknown, is: object): object => ({
  f: { types: ['T'], properties: [{ path, is }] },
});
const fieldsOf = (count: number): object =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`u${at}`, 1]));

/** What somebody may send to keep the server busy; all of it is refused as a whole. */
export const hostileDocuments: Readonly<Record<string, HostileRequest>> = {
  '100,000 aliases': { query: `{ ${many(100_000, (at) => `a${at}: __typename`)} }` },
  '450 aliases of a list': { query: `{ ${many(450, (at) => `a${at}: logs { id }`)} }` },
  '450 aliases in each entry': {
    query: `{ ${many(2, (at) => `l${at}: logs { ...F }`)} } fragment F on LogEntry { ${many(450, (at) => `a${at}: properties`)} }`,
  },
  '300 recordings of one variable': {
    query: `mutation ($input: RecordSessionInput!) { ${many(300, (at) => `a${at}: recordSession(input: $input) { recordedCount }`)} }`,
    variables: { input: sessionWith({}) },
  },
  'a selection 10,000 deep': { query: nest(10_000, '{ a ', '', '}') },
  'a list 10,000 deep': { query: `{ logs(user: ${nest(10_000, '[', '', ']')}) { id } }` },
  'an object 10,000 deep': { query: `{ logs(user: ${nest(10_000, '{ a: ', '1', '}')}) { id } }` },
  'properties 10,000 deep': {
    query: literalAction(`{ time: "${time}", type: "T", properties: ${nest(10_000, '{ a: ', '1', '}')} }`),
  },
  'a fragment bomb': {
    query: `{ __schema { types { ...F0 } } } ${many(30, (at) => `fragment F${at} on __Type { a${at}: name ...F${at + 1} ...F${at + 1} }`)} fragment F30 on __Type { name }`,
  },
  'a fragment bomb of nested selections': {
    query: `{ __schema { types { ...F0 } } } ${many(30, (at) => `fragment F${at} on __Type { a: ofType { ...F${at + 1} } b: ofType { ...F${at + 1} } }`)} fragment F30 on __Type { name }`,
  },
  'a chain of 20,000 fragments': {
    query: `{ ...F0 } ${many(20_000, (at) => `fragment F${at} on Query { ...F${at + 1} }`)} fragment F20000 on Query { __typename }`,
  },
  'a cycle of 20,000 fragments': {
    query: `{ ...F0 } ${many(20_000, (at) => `fragment F${at} on Query { ...F${(at + 1) % 20_000} }`)}`,
  },
  'a cycle of 40 fragments': {
    query: `{ ...F0 } ${many(40, (at) => `fragment F${at} on Query { ...F${(at + 1) % 40} ...F${(at + 7) % 40} }`)}`,
  },
  '20,000 directives on a field': { query: `{ __typename ${'@skip(if: false) '.repeat(20_000)}}` },
  '20,000 directives on as many fields': {
    query: `{ ${many(20_000, (at) => `a${at}: __typename @include(if: true)`)} }`,
  },
  '20,000 unknown directives': { query: `{ __typename ${many(20_000, (at) => `@d${at}`)} }` },
  '100,000 ids in a literal': {
    query: `{ logs(user: [${many(100_000, (at) => `"${at}"`)}]) { id } }`,
  },
  '100,000 ids as actions': { query: literalAction(many(100_000, (at) => `"${at}"`)) },
  '15,000 actions': { query: literalAction(many(15_000, () => `{ time: "${time}", type: "T" }`)) },
  '100,000 ids in a variable': {
    query: 'query ($user: String) { logs(user: $user) { id } }',
    variables: { user: Array.from({ length: 100_000 }, (_, at) => `${at}`) },
  },
  'quotation marks as an integer': {
    query: 'query ($n: Int!) { logTypes(first: $n) { types { type } } }',
    variables: { n: `${'" '.repeat(32_000)};x` },
  },
  'an object as an integer': {
    query: 'query ($n: Int!) { logTypes(first: $n) { types { type } } }',
    variables: { n: fieldsOf(15_000) },
  },
  '15,000 unknown fields in a variable': { query: filtered, variables: { f: fieldsOf(15_000) } },
  '60 unknown fields beside 1 MB': {
    query: filtered,
    variables: { f: { ...fieldsOf(60), userIds: ['x'.repeat(1_000_000)] } },
  },
  '60 unknown fields of 16,000 characters': {
    query: filtered,
    variables: {
      f: Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`${at}${'x'.repeat(16_000)}`, 1])),
    },
  },
  '60,000 users in a filter': {
    query: filtered,
    variables: { f: { userIds: Array.from({ length: 60_000 }, (_, at) => `u${at}`) } },
  },
  '25,000 property filters': {
    query: filtered,
    variables: { f: { properties: Array(25_000).fill({ path: ['a'], is: { gt: 1 } }) } },
  },
  'a path of 250,000 keys': {
    query: filtered,
    variables: withProperty(Array(250_000).fill('a'), { gt: 1 }),
  },
  '500,000 values in `in`': {
    query: filtered,
    variables: withProperty(['a'], { in: Array(500_000).fill(1) }),
  },
  '500,000 types that are numbers': {
    query: filtered,
    variables: { f: { types: Array(500_000).fill(1) } },
  },
  '50 filters that are somewhat too large': {
    query: `query (${many(50, (at) => `$f${at}: LogFilter`)}) { ${many(50, (at) => `f${at}: logsConnection(filter: $f${at}, first: 1) { pageInfo { endCursor } }`)} }`,
    variables: Object.fromEntries(
      Array.from({ length: 50 }, (_, at) => [
        `f${at}`,
        {
          types: ['T'],
          properties: Array(20).fill({ path: Array(64).fill(''), is: { in: Array(200).fill(1) } }),
        },
      ]),
    ),
  },
  '100,000 variables': {
    query: `query (${many(100_000, (at) => `$v${at}: String`)}) { __typename }`,
  },
  '100,000 operations': { query: many(100_000, (at) => `query Q${at} { __typename }`) },
  '1,000,000 tokens': { query: `{ logs(user: [${'1 '.repeat(1_000_000)}]) { id } }` },
  '1 MB of comments': { query: `{ __typename } ${'#\n'.repeat(500_000)}` },
  '1,200,000 comments in an action': {
    query: literalAction(`{ time: "${time}", type: ${'#\n'.repeat(1_200_000)} "T" }`),
  },
  '1,200,000 escapes in a string': {
    query: literalAction(`{ time: "${time}", type: "${'\\t'.repeat(1_200_000)}" }`),
  },
  '1,900,000 lines in a string': {
    query: literalAction(`{ time: "${time}", type: """${'\n'.repeat(1_900_000)}""" }`),
  },
  'a string of 3 MB': { query: `{ logs(user: "${'x'.repeat(3_000_000)}") { id } }` },
  '5,000 fields of one name': {
    query: `{ ${many(5_000, (at) => `a: logs(user: "${at}") { id }`)} }`,
  },
  '1,000 lists of entries': { query: `{ ${many(1_000, () => 'logs { time }')} }` },
  '100 fields of one name with 90 arguments each': {
    query: `{ ${many(100, () => `logz(${many(45, (at) => `a${at}: 1`)}) { id }`)} }`,
  },
  '100 fields of one name with a long list each': {
    query: `{ ${many(100, () => `logs(user: [${'1 '.repeat(180)}]) { id }`)} }`,
  },
  '10 groups of 100 fields of one name': {
    query: `{ logs { ${many(1_000, (at) => `a${at % 10}: properties`)} } }`,
  },
  '4,900 operations': { query: many(4_900, (at) => `query Q${at} { a }`) },
  '5,000 unknown arguments': { query: `{ logs(${many(5_000, (at) => `userr${at}: 1`)}) { id } }` },
  '6,000 unknown fields of an input': {
    query: `{ logTypes(filter: { ${many(6_000, (at) => `typez${at}: 1`)} }) { types { type } } }`,
  },
  '1,000 undefined variables': {
    query: `{ logs(user: [${many(1_000, (at) => `$v${at}`)}]) { id } }`,
  },
  '49,000 comments': { query: `{ logs(user: [${'#\n'.repeat(49_000)}]) { id } }` },
  '49,000 escapes in a string': { query: `{ logs(user: ["${'\\t'.repeat(49_000)}"]) { id } }` },
  '99,000 lines in a string': { query: `{ logs(user: ["""${'\n'.repeat(99_000)}"""]) { id } }` },
  '49 fragments that spread each other': {
    query: `{ ...F0 } ${many(49, (at) => `fragment F${at} on Query { ${many(4, (to) => `...F${(at * 4 + to) % 49}`)} }`)}`,
  },
  '330 fields of one name': { query: `{ ${many(330, () => 'serverInfo { version }')} }` },
  '20,000 unknown fields': { query: `{ ${many(20_000, (at) => `logz${at}`)} }` },
  '900 unknown fields': { query: `{ logs { ${many(900, (at) => `timee${at}`)} } }` },
  'introspection of types within types': {
    query: nest(200, '{ __schema { types { fields { type ', '{ name }', '} } } }'),
  },
  'introspection of fields within fields': {
    query: '{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }',
  },
  'introspection with 800 aliases': {
    query: `{ __schema { types { fields { type { ${many(800, (at) => `a${at}: name`)} } } } } }`,
  },
};
