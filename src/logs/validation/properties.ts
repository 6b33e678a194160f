import { isObject } from '../model/json';
import { limits } from '../model/limits';
import { shorten } from '../model/shorten';
import { rule } from './rule';
import { explainCharacters } from './text';

const { maxPropertiesBytes, maxPropertiesDepth } = limits;
const notJson = 'must be a JSON value';

/** The properties of an action; see {@link findPropertiesViolations} for all that is wrong with them. */
export function IsProperties(): PropertyDecorator {
  return rule('isProperties', (value) => {
    let first: string | undefined;
    judge(value, (_trail, message) => {
      first ??= message;
      return false;
    });
    return first;
  });
}

/**
 * Everything that keeps a value from being the properties of an action.
 * @param found is told of each violation, and returns whether to go on; paths start at the value itself: `''`, `.a.b[2]`,
 * `["a key"]`
 */
export function findPropertiesViolations(
  properties: unknown,
  found: (path: () => string, message: string) => boolean,
): void {
  judge(properties, (trail, message) => found(() => trail.map(pathOf).join(''), message));
}

/** The keys and indexes that lead to a value: written down as a path only for a violation. */
type Trail = (string | number)[];

/** Told of a violation. Returns whether the others are wanted too. */
type Report = (trail: Readonly<Trail>, message: string) => boolean;

function judge(properties: unknown, report: Report): void {
  if (!isObject(properties)) {
    report([], 'must be a JSON object');
    return;
  }
  let isTooDeep = false;
  let goesOn = true;
  const mostBytes = walk(properties, [], (trail, message) => {
    isTooDeep ||= message === depthMessage;
    goesOn &&= report(trail, message);
    return goesOn;
  });
  // Rendering costs more than the walk and is needed only when the estimate does not already settle it.
  if (!goesOn || isTooDeep || mostBytes <= maxPropertiesBytes) return;
  const bytes = Buffer.byteLength(JSON.stringify(properties));
  if (bytes <= maxPropertiesBytes) return;
  report([], `must be at most ${maxPropertiesBytes} bytes as JSON, not ${bytes}`);
}

const depthMessage = `must be nested at most ${maxPropertiesDepth} levels deep`;

/**
 * Checks a value and all in it.
 * @returns the most bytes that it can take as JSON; Infinity when no more violations are wanted
 */
function walk(value: unknown, trail: Trail, report: Report): number {
  switch (typeof value) {
    case 'string': {
      const message = explainCharacters(value);
      return message && !report(trail, message) ? Infinity : mostBytesOf(value);
    }
    case 'number': {
      const message = explainNumber(value);
      return message && !report(trail, message) ? Infinity : 25;
    }
    case 'boolean':
      return 5;
    case 'object':
      if (value === null) return 4;
      if (trail.length >= maxPropertiesDepth) return report(trail, depthMessage) ? 0 : Infinity;
      return Array.isArray(value)
        ? walkArray(value, trail, report)
        : walkObject(value, trail, report);
    default:
      return report(trail, notJson) ? 0 : Infinity;
  }
}

function walkArray(array: unknown[], trail: Trail, report: Report): number {
  let bytes = 2;
  for (let at = 0; at < array.length && bytes < Infinity; at++) {
    trail.push(at);
    bytes += 1 + walk(array[at], trail, report);
    trail.pop();
  }
  return bytes;
}

function walkObject(object: object, trail: Trail, report: Report): number {
  let bytes = 2;
  for (const key of Object.keys(object)) {
    trail.push(key);
    const message = explainCharacters(key);
    if (message && !report(trail, `${message} in the key`)) bytes = Infinity;
    const value = (object as Record<string, unknown>)[key];
    bytes += 2 + mostBytesOf(key) + walk(value, trail, report);
    trail.pop();
    if (bytes === Infinity) break;
  }
  return bytes;
}

/** What keeps a number from being stored without losing digits. */
export function explainNumber(value: number): string | undefined {
  if (!Number.isFinite(value)) return 'must be a finite number';
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return `must be an integer from -(2^53-1) to 2^53-1, or a string: larger integers lose digits`;
  }
  return undefined;
}

/** A UTF-16 unit takes at most six bytes in JSON: \u0001. */
function mostBytesOf(text: string): number {
  return 2 + 6 * text.length;
}

function pathOf(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`;
  if (/^[A-Za-z_$][\w$]{0,60}$/.test(key)) return `.${key}`;
  return `[${JSON.stringify(shorten(key))}]`;
}
