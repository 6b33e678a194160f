import { isObject } from '../model/json';
import { limits } from '../model/limits';
import { shorten } from '../model/shorten';
import { mustBe } from './kind';
import { checkNumber } from './numbers';
import { rule, type Check, type Report } from './rule';
import { checkCharacters } from './text';

const { maxPropertiesBytes, maxPropertiesDepth } = limits;
const sizeMessage = `must be at most ${maxPropertiesBytes} bytes as JSON`;

/** The properties of an action. */
export function IsProperties(): PropertyDecorator {
  const check: Check = (value) => (isObject(value) ? undefined : mustBe('a JSON object', value));
  return rule('isProperties', check, checkProperties);
}

/** The keys and indexes from the properties to a value in them. */
type Trail = (string | number)[];

/** The state of one search for violations. */
interface Search {
  readonly report: Report;
  /** Values found so far. */
  values: number;
  isTooDeep: boolean;
  /** What `report` returned last: whether to look for more violations. */
  goesOn: boolean;
}

/** @returns whether to look for more violations */
function checkProperties(properties: unknown, report: Report): boolean {
  const search: Search = { report, values: 0, isTooDeep: false, goesOn: true };
  const maxBytes = checkValue(properties, [], search);
  // JSON.stringify costs more than checkValue, whose bound is enough for most properties.
  if (search.isTooDeep || maxBytes === Infinity || maxBytes <= maxPropertiesBytes) return search.goesOn;
  const bytes = Buffer.byteLength(JSON.stringify(properties));
  return bytes <= maxPropertiesBytes || report(() => '', `${sizeMessage}, not ${bytes}`);
}

/**
 * Checks a value and everything in it.
 * @returns an upper bound of its bytes as JSON; Infinity when the search for violations has stopped
 */
function checkValue(value: unknown, trail: Trail, search: Search): number {
  switch (typeof value) {
    case 'string': {
      const message = checkCharacters(value);
      return (message ? refuse(trail, message, search) : 0) + maxBytesOf(value);
    }
    case 'number': {
      const message = checkNumber(value);
      return (message ? refuse(trail, message, search) : 0) + 25;
    }
    case 'boolean':
      return 5;
    case 'object':
      if (value === null) return 4;
      if (trail.length < maxPropertiesDepth) {
        return Array.isArray(value) ? checkArray(value, trail, search) : checkObject(value, trail, search);
      }
      search.isTooDeep = true;
      return refuse(trail, `must be nested at most ${maxPropertiesDepth} levels deep`, search);
    default:
      return refuse(trail, 'must be a JSON value', search);
  }
}

function checkArray(array: unknown[], trail: Trail, search: Search): number {
  if (hasTooManyValues(array.length, search)) return Infinity;
  let bytes = 2;
  for (let at = 0; at < array.length && bytes < Infinity; at++) {
    trail.push(at);
    bytes += 1 + checkValue(array[at], trail, search);
    trail.pop();
  }
  return bytes;
}

function checkObject(object: object, trail: Trail, search: Search): number {
  const keys = Object.keys(object);
  if (hasTooManyValues(keys.length, search)) return Infinity;
  let bytes = 2;
  for (const key of keys) {
    trail.push(key);
    const message = checkCharacters(key);
    if (message) bytes += refuse(trail, `${message} in the key`, search);
    if (bytes === Infinity) break;
    const value = (object as Record<string, unknown>)[key];
    bytes += 2 + maxBytesOf(key) + checkValue(value, trail, search);
    trail.pop();
  }
  return bytes;
}

/** Counts values before visiting them. Each takes a byte or more, so too many values are too many bytes. */
function hasTooManyValues(count: number, search: Search): boolean {
  search.values += count;
  if (search.values <= maxPropertiesBytes) return false;
  refuse([], sizeMessage, search);
  return true;
}

/** Reports a violation. Returns 0, or Infinity if the search is over: added to the bytes, it ends the loops. */
function refuse(trail: Trail, message: string, search: Search): number {
  search.goesOn &&= search.report(() => trail.map(toPath).join(''), message);
  return search.goesOn ? 0 : Infinity;
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
