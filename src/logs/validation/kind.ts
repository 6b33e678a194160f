import { isArray } from 'class-validator';

/** A value in a message: numbers and booleans as they are, others by their kind, since they may be long. */
export function kindOf(value: unknown): string {
  if (isArray(value)) return 'a list';
  if (typeof value === 'string') return 'a string';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/**
 * The message of a check that a value of another kind does not pass, such as `must be a string, not 7`.
 * @param value undefined: it is absent
 */
export function mustBe(expected: string, value: unknown): string {
  return `must be ${expected}${value === undefined ? '' : `, not ${kindOf(value)}`}`;
}
