import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  buildSchema,
  getIntrospectionQuery,
  getNamedType,
  getNullableType,
  getOperationAST,
  isListType,
  isObjectType,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { costOf } from '../../../src/graphql/limits/operation-cost';
import { fieldCosts } from '../../../src/graphql/limits/field-costs';
import { limits } from '../../../src/logs/model/limits';

const schema = buildSchema(readFileSync(join(__dirname, '..', '..', '..', 'schema.graphql'), 'utf8'));

function cost(text: string, variables: Record<string, unknown> | undefined = {}): number {
  const document = parse(text);
  expect(validate(schema, document, specifiedRules)).toEqual([]);
  return costOf(document, getOperationAST(document)!, schema, variables);
}

it('the table has every list of objects in the schema', () => {
  const missing: string[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const isList = isListType(getNullableType(field.type));
      const name = `${type.name}.${field.name}`;
      if (isList && isObjectType(getNamedType(field.type)) && !fieldCosts[name]) missing.push(name);
    }
  }
  expect(missing).toEqual([]);
});

it.each([
  ['a scalar', '{ newest }'],
  ['an object', '{ best { name } }'],
  ['a list below it', '{ serverInfo { things { name } } }'],
  ['a mutation', 'mutation { clear }'],
])('the cost of a field without a line in the table is that of 10,000 objects: %s', (_name, text) => {
  const unlisted = buildSchema(`
    type Thing { name: String }
    type ServerInfo { things: [Thing!]! }
    type Query { newest: Int, best: Thing, serverInfo: ServerInfo }
    type Mutation { clear: Boolean }`);
  const document = parse(text);
  expect(costOf(document, getOperationAST(document)!, unlisted, {})).toBe(10_000);
});

it('the table has no field that is in no schema', () => {
  for (const name of Object.keys(fieldCosts)) {
    const [typeName, fieldName] = name.split('.') as [string, string];
    const type = schema.getType(typeName);
    expect([name, isObjectType(type) && Object.keys(type.getFields())]).toEqual([
      name,
      expect.arrayContaining([fieldName]),
    ]);
  }
});

const aliases = (count: number, field: string): string =>
  Array.from({ length: count }, (_, at) => `a${at}: ${field}`).join(' ');
const noActions = '{ userId: "u", sessionId: "s", actions: [] }';

describe('an operation costs', () => {
  const page = 'id time';
  it.each([
    ['nothing without lists', '{ serverInfo { version limits { maxIdLength } } }', 0],
    ['10,000 for logs', '{ logs { id } }', 10_000],
    [
      'as much again for each alias',
      '{ a: logs { id } b: logs { id } c: logTypes { types { type } } }',
      30_000,
    ],
    ['10,000 for a histogram', '{ logHistogram(interval: DAY) { buckets { groups { key } } } }', 10_000],
    [
      'a tenth of an object for each group',
      '{ logHistogram(interval: DAY, topGroups: 100) { buckets { start groups { key } } } }',
      1_000 * (1 + 10),
    ],
    [
      'more for lists of buckets that cost more than the scan',
      `{ logHistogram(interval: DAY) { ${aliases(13, 'buckets { start }')} } }`,
      13_000,
    ],
    [
      'as much as `topGroups` says for each list of groups',
      `{ logHistogram(interval: DAY, topGroups: 70) { buckets { ${aliases(3, 'groups { key }')} } } }`,
      1_000 * (1 + 3 * 7),
    ],
    [
      'lists that fragments bring',
      `{ logHistogram(interval: DAY, topGroups: 100) { ...A ...B } }
       fragment A on LogHistogram { buckets { ...G } }
       fragment B on LogHistogram { b: buckets { ...G } }
       fragment G on HistogramBucket { groups { key } }`,
      2 * 1_000 * (1 + 10),
    ],
    ['10,000 for a click map', '{ clickMap { cells { x y count } } }', 10_000],
    [
      'as much again for each further list of cells',
      `{ clickMap { ${aliases(3, 'cells { x y count }')} } }`,
      30_000,
    ],
    ['100 for a statement', '{ logsConnection { pageInfo { hasNextPage } } }', 100],
    ['the page of 100 that is the default', `{ logsConnection { nodes { ${page} } } }`, 200],
    ['the page that is asked for', `{ logsConnection(first: 7) { nodes { ${page} } } }`, 107],
    ['nodes and edges', `{ logsConnection(first: 7) { nodes { id } edges { cursor node { id } } } }`, 114],
    ['the largest page when it is beyond', '{ logsConnection(first: 5000) { nodes { id } } }', 1_100],
    ['the largest page when it is negative', '{ logsConnection(first: -1) { nodes { id } } }', 1_100],
    ['what is counted', '{ logsConnection { totalCount { value } } }', 10_200],
    ['what is counted at most', '{ logsConnection { totalCount(upTo: 50) { value } } }', 250],
    [
      'a statement for each count',
      `{ logsConnection { ${aliases(30, 'totalCount(upTo: 1) { value }')} } }`,
      100 + 30 * 101,
    ],
    ['a session', '{ session(userId: "u", sessionId: "s") { entries(first: 5) { nodes { id } } } }', 205],
    [
      'entries for each session',
      '{ sessions(first: 20) { nodes { entries(first: 30) { nodes { id } } } } }',
      100 + 20 * (1 + 100 + 30),
    ],
    [
      'entries for each session behind fragments',
      `{ sessions(first: 20) { ...A ...A } } fragment A on SessionConnection { edges { ...B } }
       fragment B on SessionEdge { node { ... on Session { entries(first: 30) { ...C } } } }
       fragment C on LogEntryConnection { nodes { id } }`,
      100 + 2 * 20 * (1 + 100 + 30),
    ],
    ['more when each entry has more fields than there are', `{ logs { ${aliases(64, 'id')} } }`, 20_000],
    [
      'nothing for entries that were sent',
      `mutation { recordSession(input: ${noActions}) { entries { id } } }`,
      2_000,
    ],
    [
      'something for the same entries once more',
      `mutation { recordSession(input: ${noActions}) { a: entries { id } b: entries { id } } }`,
      4_000,
    ],
    [
      'ten times as much for ten sessions',
      `mutation { ${aliases(10, `recordSession(input: ${noActions}) { entries { id time } }`)} }`,
      20_000,
    ],
  ])('%s', (_name, text, expected) => {
    expect(cost(text)).toBe(expected);
  });

  it.each([
    [{ first: 7 }, 107],
    [{}, 150],
    [{ first: 1_000 }, 1_100],
    [{ first: 1_001 }, 1_100],
    [{ first: -1 }, 1_100],
    [{ first: '7' }, 1_100],
    [{ first: null }, 200],
    [{ first: Number.NaN }, 1_100],
    [undefined, 1_100],
  ])('what the variables %j say', (variables, expected) => {
    const text = 'query ($first: Int = 50) { logsConnection(first: $first) { nodes { id } } }';
    const document = parse(text);
    const operation = getOperationAST(document)!;
    expect(costOf(document, operation, schema, variables)).toBe(expected);
  });

  it.each([
    [{ groups: 80 }, 17_000],
    [{}, 10_000],
    [{ groups: 101 }, 21_000],
    [{ groups: null }, 10_000],
    [undefined, 21_000],
  ])('what the variables %j say of groups', (variables, expected) => {
    const document = parse(`query ($groups: Int = 5) {
      logHistogram(interval: DAY, topGroups: $groups) { buckets { a: groups { key } b: groups { key } } }
    }`);
    expect(costOf(document, getOperationAST(document)!, schema, variables)).toBe(expected);
  });

  it.each([
    ['100 lists of cells', `{ clickMap { ${aliases(100, 'cells { x y count }')} } }`],
    [
      '310 lists of cells of 9 click maps',
      `{ ${aliases(9, 'clickMap { ...F }')} } fragment F on ClickMap { ${aliases(310, 'cells { x }')} }`,
    ],
    [
      '100 lists of the entries of a session',
      `mutation { recordSession(input: ${noActions}) { ${aliases(100, 'entries { id time }')} } }`,
    ],
    [
      '150 lists of buckets',
      `{ logHistogram(interval: MINUTE) { ${aliases(150, 'buckets { start end }')} } }`,
    ],
    [
      'ten lists of 100 groups in each bucket',
      `{ logHistogram(interval: MINUTE, topGroups: 100) { buckets { ${aliases(10, 'groups { key }')} } } }`,
    ],
  ])('more than it may with %s', (_name, text) => {
    expect(cost(text)).toBeGreaterThan(limits.maxQueryCost);
  });

  it('the default when the variable has no value at all, or the argument is null', () => {
    expect(cost('query ($f: Int) { logsConnection(first: $f) { nodes { id } } }')).toBe(200);
    expect(cost('{ logsConnection(first: null) { nodes { id } } }', undefined)).toBe(200);
  });

  it('what its fragments multiply to, found at once', () => {
    const bomb = Array.from(
      { length: 49 },
      (_, at) => `fragment F${at} on Query { ...F${at + 1} ... { ...F${at + 1} } }`,
    );
    const text = `{ ...F0 } ${bomb.join(' ')} fragment F49 on Query { logs { id } }`;
    const document = parse(text);
    const startedAt = performance.now();
    const found = costOf(document, getOperationAST(document)!, schema, {});
    expect(found).toBe(10_000 * 2 ** 49);
    expect(performance.now() - startedAt).toBeLessThan(100);
  });
});

describe('introspection', () => {
  it('of every tool costs far less than it may', () => {
    const text = getIntrospectionQuery({
      descriptions: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    });
    const found = cost(text);
    expect(found).toBeGreaterThan(5_000);
    expect(found).toBeLessThan(limits.maxQueryCost / 2);
  });

  it('costs more the more it returns', () => {
    const text = `{ __schema { types { fields { type { ${aliases(400, 'name')} } } } } }`;
    expect(cost(text)).toBeGreaterThan(limits.maxQueryCost);
  });
});
