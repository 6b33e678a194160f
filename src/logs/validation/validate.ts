import { validateSync, type ValidationError } from 'class-validator';
import { InvalidInputError } from '../model/errors';
import { passes } from './passes';
import { findPropertiesViolations } from './properties';
import { shorten } from '../model/shorten';
import { createViolationList, type ViolationList } from './violations';

/**
 * Runs the class-validator rules of a class on an object that was sent.
 * Its fields are picked and its unknown ones found here, not by class-validator's whitelist, which takes names such as
 * `hasOwnProperty` for known ones.
 * @param Rules the class; its instance gets the fields
 * @param fields the names of all its fields
 * @param prefix put before each path
 * @param violations gets what is wrong
 * @returns the fields, as they were sent
 */
export function check<Checked extends object>(
  Rules: new () => Checked,
  fields: readonly (keyof Checked & string)[],
  sent: object,
  prefix: string,
  violations: ViolationList,
): Checked {
  const isKnown = (name: string): boolean => (fields as readonly string[]).includes(name);
  const names = Object.keys(sent);
  if (names.every(isKnown) && passes(Rules, sent)) return sent as Checked;
  const checked = new Rules();
  for (const field of fields) {
    if (Object.hasOwn(sent, field)) checked[field] = (sent as Checked)[field];
  }
  for (const name of names) {
    if (isKnown(name)) continue;
    if (!violations.add(() => prefix + shorten(name), 'is not a known field')) return checked;
  }
  for (const error of validateSync(checked)) addTo(violations, error, prefix);
  return checked;
}

/**
 * Holds arguments to the rules of a class.
 * @returns the arguments, as they were sent
 * @throws {InvalidInputError} listing every violation
 */
export function requireValid<Checked extends object>(
  Rules: new () => Checked,
  fields: readonly (keyof Checked & string)[],
  sent: object,
): Checked {
  const violations = createViolationList();
  const checked = check(Rules, fields, sent, '', violations);
  if (violations.listed.length > 0) throw violations.toError();
  return checked;
}

/**
 * Judges all parts of a request, so that it is told of all violations at once.
 * @returns what each of the functions does
 * @throws {InvalidInputError} with the violations of all that throw one
 */
export function checkAll<Results extends readonly unknown[]>(
  ...judgements: { readonly [At in keyof Results]: () => Results[At] }
): Results {
  const found: InvalidInputError[] = [];
  const results: unknown[] = [];
  let other: unknown;
  for (const judge of judgements) {
    try {
      results.push(judge());
    } catch (error) {
      if (error instanceof InvalidInputError) found.push(error);
      else other ??= error;
    }
  }
  const [first] = found;
  if (first && found.length === 1) throw first;
  if (first) throw new InvalidInputError(found.flatMap(({ details }) => details.violations));
  if (other !== undefined) throw other as Error;
  return results as unknown as Results;
}

function addTo(
  violations: ViolationList,
  { property, constraints = {}, value }: ValidationError,
  prefix: string,
): void {
  const path = prefix + property;
  if ('isProperties' in constraints) {
    findPropertiesViolations(value, (below, message) =>
      violations.add(() => path + below(), message),
    );
    return;
  }
  for (const message of Object.values(constraints)) violations.add(() => path, message);
}
