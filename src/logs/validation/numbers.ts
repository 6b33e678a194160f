import { rule } from './rule';

/** An integer from `least` to `most`; never clamped. */
export function IsIntegerFrom(least: number, most: number): PropertyDecorator {
  return rule('isIntegerFrom', (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most
      ? undefined
      : `must be an integer from ${least} to ${most}`,
  );
}
