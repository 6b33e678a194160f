import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, isInputObjectType, isNonNullType } from 'graphql';
import {
  LogFilterInput,
  SessionFilterInput,
  toLogFilter,
  toSessionFilter,
} from '../../../src/logs/filtering/log-filter';
import { PropertyFilterInput, PropertyPredicateInput } from '../../../src/logs/filtering/property-filter';
import { InvalidInputError, type Violation } from '../../../src/logs/model/errors';
import { ActionInput, SessionInput, validateSession } from '../../../src/logs/recording/session-input';
import { fieldsOf, type InputClass } from '../../../src/logs/validation/rule';
import { requireValid } from '../../../src/logs/validation/validate';
import { createViolationList } from '../../../src/logs/validation/violations';

function violationsOf(read: () => unknown): readonly Violation[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof InvalidInputError) return error.details.violations;
    throw error;
  }
}

/** The class that has the rules of each input type of the schema. */
const classes: Readonly<Record<string, InputClass>> = {
  RecordSessionInput: SessionInput,
  ActionInput,
  LogFilter: LogFilterInput,
  PropertyFilter: PropertyFilterInput,
  PropertyPredicate: PropertyPredicateInput,
  SessionFilter: SessionFilterInput,
};
const inputTypes = Object.values(buildSchema(readFileSync('schema.graphql', 'utf8')).getTypeMap()).filter(
  isInputObjectType,
);

it('every input type of the schema has a class with rules, and no other has', () => {
  expect(inputTypes.map(({ name }) => name).sort()).toEqual(Object.keys(classes).sort());
});

describe.each(inputTypes)('the rules of $name', (type) => {
  const Input = classes[type.name]!;
  const fields = [...fieldsOf(Input).values()];

  it('are for the fields of the schema, and let those be absent that may be', () => {
    expect(Object.fromEntries(fields.map(({ name, isChecked }) => [name, isChecked !== undefined]))).toEqual(
      Object.fromEntries(
        Object.values(type.getFields()).map((field) => [field.name, !isNonNullType(field.type)]),
      ),
    );
    for (const { name, checks } of fields)
      expect({ name, count: checks.length }).not.toEqual({ name, count: 0 });
  });

  it.each(['extra', 'constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'refuse an unknown field %s',
    (name) => {
      const sent: unknown = JSON.parse(`{"${name}":null}`);
      expect(violationsOf(() => requireValid(Input, sent, 'at'))).toContainEqual({
        path: `at.${name}`,
        message: unknown,
      });
    },
  );

  it.each([null, undefined, 1, 'x', [[]]])('refuse %p, which is no object', (sent) => {
    const [violation] = violationsOf(() => requireValid(Input, sent, 'at'));
    expect(violation).toEqual({
      path: 'at',
      message: expect.stringMatching(/^(is required and )?must be an object/),
    });
  });
});

const unknown: unknown = expect.stringMatching(/^is not a known field: use \w+/);

describe('a filter', () => {
  const condition = { path: ['a'], is: { equals: 1 } };

  it('is read once, however often it is used', () => {
    const sent = { userIds: ['b', 'a'], properties: [condition] };
    expect(toLogFilter(sent)).toEqual(toLogFilter({ ...sent }));
    expect(toLogFilter(sent)).toBe(toLogFilter(sent));
  });

  it('of properties has no unknown fields', () => {
    const properties = [
      { ...condition, constructor: 1 },
      { path: ['a'], is: { equals: 1, like: 'x' } },
    ];
    expect(violationsOf(() => toLogFilter({ userIds: ['u'], properties }))).toEqual([
      { path: 'filter.properties[0].constructor', message: unknown },
      { path: 'filter.properties[1].is.like', message: unknown },
    ]);
  });

  it('of sessions has users and times only', () => {
    const sent = { userIds: ['b', 'a'], startTime: '2018-10-18' };
    expect(toSessionFilter(sent)).toEqual(toLogFilter(sent));
    expect(toSessionFilter(null)).toEqual({});
    expect(violationsOf(() => toSessionFilter({ types: ['T'], __typename: 1 }))).toEqual([
      { path: 'filter.types', message: unknown },
      { path: 'filter.__typename', message: unknown },
    ]);
  });
});

it('a valid session is validated once', () => {
  let reads = 0;
  const action = { time: '2018-10-18T21:37:28Z', type: 'T' };
  const session = {
    userId: 'u',
    sessionId: 's',
    get actions() {
      reads++;
      return [action];
    },
  };
  validateSession(session, 'input');
  const before = reads;
  expect(validateSession(session, 'input')).toBe(session);
  expect(reads).toBe(before);
});

it('a list of violations takes those of an error, and counts what that omits', () => {
  const violations = createViolationList();
  violations.addError(new InvalidInputError([{ path: 'a', message: 'must be b' }], 5));
  expect(violations.listed).toEqual([{ path: 'a', message: 'must be b' }]);
  expect(violations.toError().details.omittedViolationCount).toBe(5);
});
