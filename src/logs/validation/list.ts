import { isArray } from 'class-validator';
import { rule } from './rule';

/** A list of one item or more; the items themselves are judged one by one, and only when there are not too many. */
export function IsList(most: number, what: string): PropertyDecorator {
  return rule('isList', (value) => {
    if (!isArray(value)) return `must be a list of 1 to ${most} ${what}`;
    if (value.length === 0) return `must not be empty: leave it out, or list 1 to ${most} ${what}`;
    return value.length > most
      ? `must hold at most ${most} ${what}, not ${value.length}`
      : undefined;
  });
}
