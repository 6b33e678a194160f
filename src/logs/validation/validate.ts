import { isArray } from 'class-validator';
import { InvalidInputError } from '../model/errors';
import { isObject } from '../model/json';
import { shorten } from '../model/shorten';
import { createSlices } from '../model/slices';
import { mustBe } from './kind';
import { fieldsOf, rule, type Check, type CheckParts, type InputClass, type Report } from './rule';
import { createViolationList } from './violations';

/**
 * Validates an input.
 * @param path where the input stands in the request; `''` for the arguments of a field
 * @returns the input, unchanged
 * @throws {InvalidInputError} listing every violation
 */
export function requireValid<Input extends object>(
  Input: InputClass<Input>,
  sent: unknown,
  path = '',
): Input {
  const violations = createViolationList();
  checkInput(Input, sent, (below, message) =>
    violations.add(() => (path ? path + below() : below().replace(/^\./, '')), message),
  );
  if (violations.listed.length > 0) throw violations.toError();
  return sent as Input;
}

/**
 * Calls all functions, so that one error lists the violations of all parts of a request.
 * @returns the result of the first function
 * @throws {InvalidInputError} with the violations of all functions that throw one
 */
export function validateAll<Result>(first: () => Result, ...others: readonly (() => unknown)[]): Result {
  const violations = createViolationList();
  let otherError: unknown;
  const [result] = [first, ...others].map((validate) => {
    try {
      return validate();
    } catch (error) {
      if (error instanceof InvalidInputError) violations.addError(error);
      else otherError ??= error;
      return undefined;
    }
  });
  if (violations.listed.length > 0) throw violations.toError();
  if (otherError !== undefined) throw otherError as Error;
  return result as Result;
}

/**
 * Calls the rules of a class in a loop: 20 µs for a session of 20 actions. `validateSync` of class-validator
 * takes 61 µs, and its whitelist accepts unknown fields such as `hasOwnProperty`.
 */
function checkInput(Input: InputClass, sent: unknown, report: Report): boolean {
  if (!isObject(sent)) return report(() => '', requireIf(sent, mustBe(describeInput(Input), sent)));
  const fields = fieldsOf(Input);
  let unknownCount = 0;
  for (const name of Object.keys(sent)) {
    if (fields.has(name)) continue;
    // Thousands of equal lists would make a large answer.
    const advice = unknownCount++ < maxAdvised ? `: use ${[...fields.keys()].join(', ')}` : '';
    if (!report(() => `.${shorten(name)}`, `is not a known field${advice}`)) return false;
  }
  for (const { name, checks, checkParts, isChecked } of fields.values()) {
    const value = sent[name];
    if (isChecked && !isChecked(sent, value)) continue;
    let isValid = true;
    for (const check of checks) {
      const message = check(value, sent);
      if (message === undefined) continue;
      isValid = false;
      if (!report(() => `.${name}`, requireIf(value, message))) return false;
    }
    if (!isValid || !checkParts) continue;
    if (!checkParts(value, (below, message) => report(() => `.${name}${below()}`, message))) return false;
  }
  return true;
}

/** Unknown fields of an input about which the known ones are said. */
const maxAdvised = 10;

/** The message about a value, which is required if it is absent. */
function requireIf(value: unknown, message: string): string {
  return value === undefined ? `is required and ${message}` : message;
}

function describeInput(Input: InputClass): string {
  const fields = [...fieldsOf(Input).values()];
  const names = fields.flatMap(({ name, isChecked }) => (isChecked ? [] : [name]));
  const last = names.pop();
  if (last === undefined) return `an object with any of ${fields.map(({ name }) => name).join(', ')}`;
  return `an object with ${names.length > 0 ? `${names.join(', ')} and ` : ''}${last}`;
}

/** Number and name of the items of a list, such as 1 to 100 `user ids`. */
export interface ListBounds {
  readonly min: number;
  readonly max: number;
  readonly items: string;
}

/** A list whose items pass a check. */
export function IsList(bounds: ListBounds, checkItem: Check): PropertyDecorator {
  return listRule(bounds, (item, report) => {
    const message = checkItem(item, {});
    return message === undefined || report(() => '', message);
  });
}

/** A list of inputs. */
export function IsInputList(bounds: ListBounds, Input: InputClass): PropertyDecorator {
  return listRule(bounds, (item, report) => known.has(item as object) || checkInput(Input, item, report));
}

/** Inputs of lists that were found valid. */
const known = new WeakSet<object>();

/** Lists with fewer inputs are checked in one go. */
const longLength = 50;

/**
 * Checks the inputs of a long list in slices, so that their rules need not be called again.
 * @returns undefined if the list is not that long, or too long
 */
export function checkLongList(
  Input: InputClass,
  list: unknown,
  maxLength: number,
): Promise<void> | undefined {
  if (!isArray(list) || list.length < longLength || list.length > maxLength) return undefined;
  return checkInSlices(Input, list);
}

async function checkInSlices(Input: InputClass, list: readonly unknown[]): Promise<void> {
  const slices = createSlices();
  for (const item of list) {
    if (isObject(item) && checkInput(Input, item, () => false)) known.add(item);
    if (slices.isOver()) await slices.next();
  }
}

/**
 * An input of which exactly one field is given: `@oneOf` in the schema.
 * @param advice for a client that sends several
 */
export function IsOneOf(Input: InputClass, advice: string): PropertyDecorator {
  const checkCount: Check = (value) => {
    const names = [...fieldsOf(Input).keys()];
    const exactlyOne = `exactly one of ${names.join(', ')}`;
    if (!isObject(value)) return mustBe(`an object with ${exactlyOne}`, value);
    const given = names.filter((name) => value[name] !== undefined);
    if (given.length === 1) return undefined;
    if (given.length > 1) return `must have ${exactlyOne}, not ${given.join(' and ')}: ${advice}`;
    const [unknown] = Object.keys(value);
    return `must have ${exactlyOne}, ${unknown === undefined ? 'and has none' : `not ${shorten(unknown)}`}`;
  };
  return rule('isOneOf', checkCount, (value, report) => checkInput(Input, value, report));
}

/** Items are checked only if there are not too many. */
function listRule({ min, max, items }: ListBounds, checkItem: CheckParts): PropertyDecorator {
  const checkLength: Check = (value) => {
    if (!isArray(value)) return mustBe(`a list of ${min} to ${max} ${items}`, value);
    if (value.length < min) return `must not be empty: list ${min} to ${max} ${items}`;
    if (value.length <= max) return undefined;
    return `must hold at most ${max} ${items}, not ${value.length}`;
  };
  return rule('isList', checkLength, (list, report) =>
    (list as readonly unknown[]).every((value, at) =>
      checkItem(value, (below, message) => report(() => `[${at}]${below()}`, message)),
    ),
  );
}
