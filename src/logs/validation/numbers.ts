import { shorten } from '../model/shorten';
import { mustBe } from './kind';
import { rule } from './rule';

/** An integer from `min` to `max`. */
export function IsInteger(min: number, max: number): PropertyDecorator {
  return rule('isInteger', (value) => {
    if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return undefined;
    const expected = `an integer from ${min} to ${max}`;
    // A parameter of a query string is a string.
    return typeof value === 'string'
      ? `must be ${expected}, not ${JSON.stringify(shorten(value))}`
      : mustBe(expected, value);
  });
}

/** Checks that a number is finite; NaN stands for a literal that is too close to 0. */
export function checkFinite(value: unknown): string | undefined {
  if (typeof value !== 'number') return mustBe('a number', value);
  return Number.isFinite(value)
    ? undefined
    : 'must be a finite number that a double can hold: 0, or ±5e-324 to ±1.7976931348623157e308';
}

/** Checks that a number is finite, and that an integer is stored exactly. */
export function checkNumber(value: number): string | undefined {
  const message = checkFinite(value);
  if (message !== undefined) return message;
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return 'must be an integer from -(2^53-1) to 2^53-1, or a string: larger integers lose digits';
  }
  return undefined;
}
