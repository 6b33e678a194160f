import { rule } from './rule';

/** An integer from `min` to `max`. */
export function IsInteger(min: number, max: number): PropertyDecorator {
  return rule('isInteger', (value) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max
      ? undefined
      : `must be an integer from ${min} to ${max}`,
  );
}

/** Checks that a number is stored without losing digits. */
export function checkNumber(value: number): string | undefined {
  if (!Number.isFinite(value)) return 'must be a finite number';
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return 'must be an integer from -(2^53-1) to 2^53-1, or a string: larger integers lose digits';
  }
  return undefined;
}
