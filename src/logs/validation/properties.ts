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

/** Takes a violation. Returns whether to look for more. */
type ReportAt = (trail: Readonly<Trail>, message: string) => boolean;

function validateProperties(properties: unknown, report: Report): void {
  let isTooDeep = false;
  let goesOn = true;
  const maxBytes = checkValue(properties, [], (trail, message) => {
    isTooDeep ||= message === depthMessage;
    goesOn &&= report(() => trail.map(toPath).join(''), message);
    return goesOn;
  });
  // JSON.stringify costs more than checkValue, whose bound is enough for most properties.
  if (!goesOn || isTooDeep || maxBytes <= maxPropertiesBytes) return;
  const bytes = Buffer.byteLength(JSON.stringify(properties));
  if (bytes <= maxPropertiesBytes) return;
  report(() => '', `must be at most ${maxPropertiesBytes} bytes as JSON, not ${bytes}`);
}

const depthMessage = `must be nested at most ${maxPropertiesDepth} levels deep`;

/**
 * Checks a value and everything in it.
 * @returns an upper bound of its bytes as JSON; Infinity when the search for violations has stopped
 */
function checkValue(value: unknown, trail: Trail, report: ReportAt): number {
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
      return Array.isArray(value)
        ? checkArray(value, trail, report)
        : checkObject(value, trail, report);
    default:
      return report(trail, notJson) ? 0 : Infinity;
  }
}

function checkArray(array: unknown[], trail: Trail, report: ReportAt): number {
  let bytes = 2;
  for (let at = 0; at < array.length && bytes < Infinity; at++) {
    trail.push(at);
    bytes += 1 + checkValue(array[at], trail, report);
    trail.pop();
  }
  return bytes;
}

function checkObject(object: object, trail: Trail, report: ReportAt): number {
  let bytes = 2;
  for (const key of Object.keys(object)) {
    trail.push(key);
    const message = checkCharacters(key);
    if (message && !report(trail, `${message} in the key`)) bytes = Infinity;
    const value = (object as Record<string, unknown>)[key];
    bytes += 2 + maxBytesOf(key) + checkValue(value, trail, report);
    trail.pop();
    if (bytes === Infinity) break;
  }
  return bytes;
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
