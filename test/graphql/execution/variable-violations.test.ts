import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import {
  buildSchema,
  getNullableType,
  GraphQLError,
  isInputObjectType,
  isListType,
  Kind,
  parse,
  type OperationDefinitionNode,
} from 'graphql';
import { getVariableValues } from 'graphql/execution/values';
import { compileVariables } from '../../../src/graphql/fast/variables';
import { mostItemsOf } from '../../../src/graphql/limits/input-limits';
import { findVariableViolations } from '../../../src/graphql/execution/variable-violations';
import type { Violation } from '../../../src/logs/model/errors';

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));

function definitionsOf(declared: string) {
  const { definitions } = parse(`query (${declared}) { __typename }`);
  return (definitions[0] as OperationDefinitionNode).variableDefinitions!;
}

function violationsOf(declared: string, variables: Record<string, unknown>): readonly Violation[] {
  return findVariableViolations(definitionsOf(declared), schema, variables).listed;
}

/** What graphql-js says, by its own errors. */
function expectedOf(declared: string, variables: Record<string, unknown>): Violation[] {
  const { errors = [] } = getVariableValues(schema, definitionsOf(declared), variables);
  return errors.map(({ message, originalError, nodes }) => {
    const [definition] = nodes!;
    if (definition?.kind !== Kind.VARIABLE_DEFINITION) throw new Error(message);
    const name = definition.variable.name.value;
    if (!(originalError instanceof GraphQLError)) {
      return { path: name, message: message.replace(`Variable "$${name}" `, '') };
    }
    const reason = originalError.message;
    const prefix = message.slice(0, -reason.length);
    return { path: / at "([^"]*)"; $/.exec(prefix)?.[1] ?? name, message: reason.slice(0, 300) };
  });
}

test('every list in an input type has a most that it may hold, also as a variable', () => {
  const unbounded = Object.values(schema.getTypeMap())
    .filter(isInputObjectType)
    .flatMap((type) => Object.values(type.getFields()))
    .filter((field) => isListType(getNullableType(field.type)))
    .filter(({ name, type }) =>
      [name, undefined].some((field) => !Number.isFinite(mostItemsOf(field, type))),
    );
  expect(unbounded.map(({ name }) => name)).toEqual([]);
});

/** Values that fit, and ones that do not in as many ways as there are rules. */
const { value: anything } = fc.letrec<Record<string, unknown>>((tie) => {
  const text = fc.constantFrom('a', 'TIME_ASC', '2018-10-18', 'x"; y', '');
  const scalar = fc.oneof(text, fc.constantFrom(null, true, 0, -1, 2 ** 31, 1.5));
  const some = (names: readonly string[]) =>
    fc
      .uniqueArray(fc.tuple(fc.constantFrom(...names), tie('value')), {
        selector: ([name]) => name,
        maxLength: 4,
      })
      .map((entries) => Object.fromEntries(entries) as unknown);
  return {
    predicate: some(['equals', 'in', 'exists', 'gt', 'like']),
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 3, arbitrary: scalar },
      { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
      { weight: 1, arbitrary: fc.array(text, { maxLength: 3 }) },
      { weight: 1, arbitrary: some(['userIds', 'types', 'startTime', 'properties', 'user']) },
      {
        weight: 1,
        arbitrary: fc.record({ path: fc.array(text), is: tie('predicate') }, { requiredKeys: [] }),
      },
      { weight: 1, arbitrary: tie('predicate') },
      { weight: 1, arbitrary: some(['userId', 'sessionId', 'actions', '__proto__', 'toString']) },
    ),
  };
}) as { value: fc.Arbitrary<unknown> };

const types = [
  ...['Int', 'Int!', 'Float', 'String!', 'Boolean', '[String!]', '[String!]!', 'LogOrder!'],
  ...['JSON', '[JSON!]', 'DateTime', 'LogFilter', 'LogFilter!', 'SessionFilter'],
  ...[
    'PropertyFilter!',
    '[PropertyFilter!]',
    'PropertyPredicate',
    'ActionInput',
    '[ActionInput!]!',
  ],
];

/** Undefined when it refuses them. */
function coerceFast(declared: string, variables: Record<string, unknown>): unknown {
  try {
    return compileVariables(definitionsOf(declared), schema, new Map())(variables);
  } catch {
    return undefined;
  }
}

test('1,500 generated variables break the rules that graphql-js finds broken', () => {
  const counts = { right: 0, wrong: 0 };
  const variable = fc.record({
    type: fc.constantFrom(...types),
    fallback: fc.boolean(),
    isSent: fc.integer({ min: 0, max: 9 }).map((chance) => chance > 0),
    value: anything,
  });
  fc.assert(
    fc.property(fc.array(variable, { minLength: 1, maxLength: 3 }), (variables) => {
      const declared = variables.map(
        ({ type, fallback }, at) => `$v${at}: ${type}${fallback && type === 'Int' ? ' = 1' : ''}`,
      );
      const sent = Object.fromEntries(
        variables.flatMap(({ isSent, value }, at) => (isSent ? [[`v${at}`, value]] : [])),
      );
      const expected = expectedOf(declared.join(), sent);
      if (expected.length > 40) return;
      counts[expected.length > 0 ? 'wrong' : 'right']++;
      const { coerced } = getVariableValues(schema, definitionsOf(declared.join()), sent);
      expect(coerceFast(declared.join(), sent)).toEqual(coerced);
      const found = violationsOf(declared.join(), sent);
      expect(found).toHaveLength(expected.length);
      expect(found).toEqual(expect.arrayContaining(expected));
    }),
    { numRuns: 1_500 },
  );
  expect(counts.wrong).toBeGreaterThan(300);
  expect(counts.right).toBeGreaterThan(100);
});

const list = <Item>(length: number, item: Item): Item[] => Array<Item>(length).fill(item);

describe('variables', () => {
  it('that are a little too large are left to the rules, which find everything else too', () => {
    const filter = { userIds: list(5_000, 'u'), sessionIds: list(5_000, 's') };
    expect(violationsOf('$f: LogFilter', { f: filter })).toEqual([]);
    const input = { userId: 'u', sessionId: 's', actions: list(10_000, { time: 't', type: 'T' }) };
    expect(violationsOf('$input: RecordSessionInput!', { input })).toEqual([]);
  });

  it('that are much too large are told of all lists that are too long', () => {
    const filter = {
      userIds: list(101, 'u'),
      sessionIds: list(10_000, 's'),
      types: list(100, 'T'),
      properties: { path: list(33, 'a'), is: { in: list(101, 1) } },
      startTime: 1,
    };
    expect(violationsOf('$f: LogFilter, $n: Int', { f: filter, n: 'x' })).toEqual([
      { path: 'f.userIds', message: 'must hold at most 100 items, not 101' },
      { path: 'f.sessionIds', message: 'must hold at most 100 items, not 10000' },
      { path: 'f.properties.path', message: 'must hold at most 32 items, not 33' },
      { path: 'f.properties.is.in', message: 'must hold at most 100 items, not 101' },
    ]);
  });

  it('that are lists themselves have a most, too', () => {
    const declared = '$u: [String!], $j: [JSON!], $p: [PropertyFilter!], $a: [ActionInput!]!';
    const variables = Object.fromEntries(
      ['u', 'j', 'p', 'a'].map((name) => [name, list(9_999, 1)]),
    );
    expect(violationsOf(declared, variables).map(({ path, message }) => [path, message])).toEqual([
      ['u', 'must hold at most 100 items, not 9999'],
      ['j', 'must hold at most 100 items, not 9999'],
      ['p', 'must hold at most 10 items, not 9999'],
      ['a', 'must hold at most 5000 items, not 9999'],
    ]);
  });

  it('that are much too large, as sessions, are judged by their own rules', () => {
    const input = { userId: '', sessionId: 's', actions: list(10_001, 1) };
    expect(violationsOf('$in: RecordSessionInput!', { in: input })).toEqual([
      { path: 'input.userId', message: 'must be 1 to 256 characters' },
      { path: 'input.actions', message: 'must hold at most 5000 actions, not 10001' },
    ]);
  });

  it('that all fit may be as many as they like', () => {
    const names = Array.from({ length: 200 }, (_, at) => `f${at}`);
    const declared = names.map((name) => `$${name}: LogFilter`).join();
    const filter = { userIds: list(100, 'u'), types: list(100, 'T') };
    const variables = Object.fromEntries(names.map((name) => [name, filter]));
    expect(violationsOf(declared, variables)).toEqual([]);
  });

  it('of wrong types are told of 50 times, and that there are more', () => {
    const error = findVariableViolations(definitionsOf('$a: [Int!], $b: Int'), schema, {
      a: list(60, 'x'),
      b: 'x',
    }).toError();
    expect(error.details.violations).toHaveLength(50);
    expect(error.message).toMatch(/ \(and at least 49 more violations\)$/);
  });

  it('that are objects where none may be are not quoted when they are large', () => {
    const large = Object.fromEntries(list(1_001, 1).map((value, at) => [`k${at}`, value]));
    for (const value of [large, [large], { a: { b: large } }]) {
      expect(violationsOf('$n: Int', { n: value })).toEqual([
        { path: 'n', message: 'must be of type Int, not a list or an object' },
      ]);
    }
    expect(violationsOf('$j: JSON, $o: JSONObject', { j: large, o: large })).toEqual([]);
  });
});
