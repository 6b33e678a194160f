import { isObject } from '../model/json';
import { limits } from '../model/limits';
import { shorten } from '../model/shorten';
import { checkNumber } from './numbers';
import { rule, type Report } from './rule';
import { checkCharacters } from './text';

const { maxPropertiesBytes, maxPropertiesDepth } = limits;
const notJson = 'must be a JSON value';

/** The properties of an action. */
export function IsProperties(): PropertyDecorator {
  return rule('isProperties', (value) => (isObject(value) ? undefined : 'must be a JSON object'), {
    isValid(properties) {
      let isValid = true;
      validateProperties(properties, () => (isValid = false));
      return isValid;
    },
    validate: validateProperties,
  });
}

/** The keys and indexes from the properties to a value in them. */
type Trail = (string | number)[];

/** The state of one check of properties. */
interface Check {
  /** Takes a violation. Returns whether to look for more. */
  readonly report: (trail: Readonly<Trail>, message: string) => boolean;
  /** Values found so far. */
  values: number;
}

/** Properties found to have too many values. V8 takes 85 ms to list 300,000 keys, so they are listed once. */
const large = new WeakSet();

function validateProperties(properties: unknown, report: Report): void {
  if (large.has(properties as object)) {
    report(() => '', sizeMessage);
    return;
  }
  let isTooDeep = false;
  let goesOn = true;
  const check: Check = {
    values: 0,
    report(trail, message) {
      isTooDeep ||= message === depthMessage;
      goesOn &&= report(() => trail.map(toPath).join(''), message);
      return goesOn;
    },
  };
  const maxBytes = checkValue(properties, [], check);
  if (check.values > maxPropertiesBytes) large.add(properties as object);
  // JSON.stringify costs more than checkValue, whose bound is enough for most properties.
  if (isTooDeep || maxBytes === Infinity || maxBytes <= maxPropertiesBytes) return;
  const bytes = Buffer.byteLength(JSON.stringify(properties));
  if (bytes > maxPropertiesBytes) report(() => '', `${sizeMessage}, not ${bytes}`);
}

const sizeMessage = `must be at most ${maxPropertiesBytes} bytes as JSON`;
const depthMessage = `must be nested at most ${maxPropertiesDepth} levels deep`;

/**
 * Checks a value and everything in it.
 * @returns an upper bound of its bytes as JSON; Infinity when the search for violations has stopped
 */
function checkValue(value: unknown, trail: Trail, check: Check): number {
  const { report } = check;
  switch (typeof value) {
    case 'string': {
      const message = checkCharacters(value);
      return message && !report(trail, message) ? Infinity : maxBytesOf(value);
    }
    case 'number': {
      const message = checkNumber(value);
      return message && !report(trail, message) ? Infinity : 25;
    }
    case 'boolean':
      return 5;
    case 'object':
      if (value === null) return 4;
      if (trail.length >= maxPropertiesDepth) return report(trail, depthMessage) ? 0 : Infinity;
      return Array.isArray(value) ? checkArray(value, trail, check) : checkObject(value, trail, check);
    default:
      return report(trail, notJson) ? 0 : Infinity;
  }
}

function checkArray(array: unknown[], trail: Trail, check: Check): number {
  if (hasTooManyValues(array.length, check)) return Infinity;
  let bytes = 2;
  for (let at = 0; at < array.length && bytes < Infinity; at++) {
    trail.push(at);
    bytes += 1 + checkValue(array[at], trail, check);
    trail.pop();
  }
  return bytes;
}

function checkObject(object: object, trail: Trail, check: Check): number {
  const keys = Object.keys(object);
  if (hasTooManyValues(keys.length, check)) return Infinity;
  let bytes = 2;
  for (const key of keys) {
    trail.push(key);
    const message = checkCharacters(key);
    if (message && !check.report(trail, `${message} in the key`)) bytes = Infinity;
    const value = (object as Record<string, unknown>)[key];
    bytes += 2 + maxBytesOf(key) + checkValue(value, trail, check);
    trail.pop();
    if (bytes === Infinity) break;
  }
  return bytes;
}

/** Adds values; each takes a byte or more, so the properties are too large before all of them are visited. */
function hasTooManyValues(count: number, check: Check): boolean {
  check.values += count;
  if (check.values <= maxPropertiesBytes) return false;
  check.report([], sizeMessage);
  return true;
}

/** An upper bound: a UTF-16 unit takes at most six bytes in JSON, such as \u0001. */
function maxBytesOf(text: string): number {
  return 2 + 6 * text.length;
}

function toPath(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`;
  if (/^[A-Za-z_$][\w$]{0,60}$/.test(key)) return `.${key}`;
  return `[${JSON.stringify(shorten(key))}]`;
}
