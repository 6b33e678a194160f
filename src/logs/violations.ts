import { validateSync, type ValidationError } from 'class-validator';
import type { Violation } from './errors';
import { passes } from './rules/passes';
import { findPropertiesViolations } from './rules/properties';
import { shorten } from './shorten';

/**
 * Runs the class-validator rules of a class on an object that was sent.
 * Its fields are picked and its unknown ones found here, not by class-validator's whitelist, which takes names such as
 * `hasOwnProperty` for known ones.
 * @param Rules the class; its instance gets the fields
 * @param fields the names of all its fields
 * @param prefix put before each path
 */
export function check<Checked extends object>(
  Rules: new () => Checked,
  fields: readonly (keyof Checked & string)[],
  sent: object,
  prefix: string,
): { checked: Checked; violations: readonly Violation[] } {
  const isKnown = (name: string): boolean => (fields as readonly string[]).includes(name);
  if (Object.keys(sent).every(isKnown) && passes(Rules, sent)) {
    return { checked: sent as Checked, violations: [] };
  }
  const checked = new Rules();
  for (const field of fields) {
    if (Object.hasOwn(sent, field)) checked[field] = (sent as Checked)[field];
  }
  const violations = Object.keys(sent)
    .filter((name) => !isKnown(name))
    .map((name) => ({ path: prefix + shorten(name), message: 'is not a known field' }));
  for (const error of validateSync(checked)) violations.push(...toViolations(error, prefix));
  return { checked, violations };
}

function toViolations(
  { property, constraints = {}, value }: ValidationError,
  prefix: string,
): readonly Violation[] {
  const path = prefix + property;
  if ('isProperties' in constraints) {
    return findPropertiesViolations(value).map((found) => ({ ...found, path: path + found.path }));
  }
  return Object.values(constraints).map((message) => ({ path, message }));
}
