import type { Violation } from '../errors';
import { isObject } from '../json';
import { limits } from '../limits';
import { shorten } from '../shorten';
import { rule } from './rule';
import { explainCharacters } from './text';

const { maxPropertiesBytes, maxPropertiesDepth } = limits;
const notJson = 'must be a JSON value';

/** The properties of an action; see {@link findPropertiesViolations} for all that is wrong with them. */
export function IsProperties(): PropertyDecorator {
  return rule('isProperties', (value) => findPropertiesViolations(value)[0]?.message);
}

/**
 * Everything that keeps a value from being the properties of an action.
 * @returns violations whose paths start at the value itself: `''`, `.a.b[2]`, `["a key"]`
 */
export function findPropertiesViolations(properties: unknown): readonly Violation[] {
  if (!isObject(properties)) return [{ path: '', message: 'must be a JSON object' }];
  const violations: Violation[] = [];
  const mostBytes = walk(properties, [], violations);
  const tooDeep = violations.some(({ message }) => message === depthMessage);
  // Rendering costs more than the walk and is needed only when the estimate does not already settle it.
  if (mostBytes > maxPropertiesBytes && !tooDeep) {
    const bytes = Buffer.byteLength(JSON.stringify(properties));
    if (bytes > maxPropertiesBytes) {
      const message = `must be at most ${maxPropertiesBytes} bytes as JSON, not ${bytes}`;
      violations.unshift({ path: '', message });
    }
  }
  return violations;
}

const depthMessage = `must be nested at most ${maxPropertiesDepth} levels deep`;

/** The keys and indexes that lead to a value: written down as a path only for a violation. */
type Trail = (string | number)[];

/** Checks a value and all in it. Returns the most bytes that it can take as JSON. */
function walk(value: unknown, trail: Trail, violations: Violation[]): number {
  switch (typeof value) {
    case 'string': {
      const message = explainCharacters(value);
      if (message) violations.push(violationAt(trail, message));
      return mostBytesOf(value);
    }
    case 'number': {
      const message = explainNumber(value);
      if (message) violations.push(violationAt(trail, message));
      return 25;
    }
    case 'boolean':
      return 5;
    case 'object':
      if (value === null) return 4;
      if (trail.length >= maxPropertiesDepth) {
        violations.push(violationAt(trail, depthMessage));
        return 0;
      }
      return Array.isArray(value)
        ? walkArray(value, trail, violations)
        : walkObject(value, trail, violations);
    default:
      violations.push(violationAt(trail, notJson));
      return 0;
  }
}

function walkArray(array: unknown[], trail: Trail, violations: Violation[]): number {
  let bytes = 2;
  for (let at = 0; at < array.length; at++) {
    trail.push(at);
    bytes += 1 + walk(array[at], trail, violations);
    trail.pop();
  }
  return bytes;
}

function walkObject(object: object, trail: Trail, violations: Violation[]): number {
  let bytes = 2;
  for (const key of Object.keys(object)) {
    trail.push(key);
    const message = explainCharacters(key);
    if (message) violations.push(violationAt(trail, `${message} in the key`));
    const value = (object as Record<string, unknown>)[key];
    bytes += 2 + mostBytesOf(key) + walk(value, trail, violations);
    trail.pop();
  }
  return bytes;
}

function explainNumber(value: number): string | undefined {
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

function violationAt(trail: Trail, message: string): Violation {
  return { path: trail.map(pathOf).join(''), message };
}

function pathOf(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`;
  if (/^[A-Za-z_$][\w$]{0,60}$/.test(key)) return `.${key}`;
  return `[${JSON.stringify(shorten(key))}]`;
}
