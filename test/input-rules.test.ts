import { describe, expect, it } from '@jest/globals';
import { toLogFilter, toSessionFilter } from '../src/logs/filtering/log-filter';
import { InvalidInputError, type Violation } from '../src/logs/model/errors';
import { validateSession } from '../src/logs/recording/session-input';
import { createViolationList } from '../src/logs/validation/violations';

function violationsOf(read: () => unknown): readonly Violation[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof InvalidInputError) return error.details.violations;
    throw error;
  }
}

const unknown = 'is not a known field';

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
