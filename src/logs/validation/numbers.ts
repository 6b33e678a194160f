import { rule } from './rule';

/** An integer from `min` to `max`. */
export function IsInteger(min: number, max: number): PropertyDecorator {
  return rule('isInteger', (value) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max
      ? undefined
      : `must be an integer from ${min} to ${max}`,
  );
}

/** Checks that a number is finite; NaN stands for a literal that is too close to 0. */
export function checkFinite(value: unknown): string | undefined {
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
