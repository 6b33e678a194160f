import { isObject } from '../model/json';
import { filterLimits, limits } from '../model/limits';
import { shorten } from '../model/shorten';
import { explainNumber } from '../validation/properties';
import { explainCharacters } from '../validation/text';
import type { ViolationList } from '../validation/violations';

const { maxValues } = filterLimits;

export type JsonScalar = string | number | boolean;

/** What must be true of a property. Nothing but `exists: false` is true of one that is not there. */
export interface PropertyCondition {
  /** The keys that lead to it from the top of `properties`, through objects only. */
  readonly path: readonly string[];
  readonly predicate: PropertyPredicate;
}

export type PropertyPredicate =
  /** It equals one of these, of the same type. */
  | { readonly kind: 'in'; readonly values: readonly JsonScalar[] }
  /** It is there, also as null; or it is not. */
  | { readonly kind: 'exists'; readonly expected: boolean }
  /** It is there and null; or it is there and something else. */
  | { readonly kind: 'isNull'; readonly expected: boolean }
  /** It is a number that compares so with the bound. */
  | {
      readonly kind: 'compare';
      readonly operator: '>' | '>=' | '<' | '<=';
      readonly bound: number;
    };

const operators = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;
const names = ['equals', 'in', 'exists', 'isNull', 'gt', 'gte', 'lt', 'lte'] as const;

/**
 * Reads one property filter.
 * @param path where it stands in the request
 * @param violations gets what is wrong with it
 * @returns undefined when something is
 */
export function toPropertyCondition(
  sent: unknown,
  path: string,
  violations: ViolationList,
): PropertyCondition | undefined {
  const before = violations.listed.length;
  const { path: keys, is, ...others } = isObject(sent) ? sent : {};
  refuseUnknownFields(Object.keys(others), path, violations);
  if (!Array.isArray(keys) || keys.length < 1 || keys.length > limits.maxPropertiesDepth) {
    const message = `must be a list of 1 to ${limits.maxPropertiesDepth} keys`;
    violations.add(() => `${path}.path`, message);
  } else {
    keys.forEach((key: unknown, at) => {
      const message = typeof key === 'string' ? explainCharacters(key) : 'must be a string';
      if (message) violations.add(() => `${path}.path[${at}]`, message);
    });
  }
  const predicate = toPredicate(is, `${path}.is`, violations);
  if (!predicate || violations.listed.length > before) return undefined;
  return { path: keys as readonly string[], predicate };
}

function toPredicate(
  sent: unknown,
  path: string,
  violations: ViolationList,
): PropertyPredicate | undefined {
  const given = isObject(sent) ? names.filter((name) => sent[name] !== undefined) : [];
  const [name] = given;
  if (!isObject(sent) || name === undefined || given.length > 1) {
    violations.add(() => path, `must have one of ${names.join(', ')}`);
    return undefined;
  }
  const unknown = Object.keys(sent).filter((key) => !(names as readonly string[]).includes(key));
  if (unknown.length > 0) {
    refuseUnknownFields(unknown, path, violations);
    return undefined;
  }
  const value = sent[name];
  const refuse = (message: string): undefined => {
    violations.add(() => `${path}.${name}`, message);
    return undefined;
  };
  if (name === 'equals' || name === 'in') {
    const values: unknown = name === 'equals' ? [value] : value;
    if (!Array.isArray(values) || values.length < 1 || values.length > maxValues) {
      return refuse(`must be a list of 1 to ${maxValues} strings, numbers or booleans`);
    }
    const before = violations.listed.length;
    values.forEach((item: unknown, at) => {
      const message = explainScalar(item);
      const place = name === 'in' ? `${path}.in[${at}]` : `${path}.equals`;
      if (message) violations.add(() => place, message);
    });
    // What is no scalar may be too large or too deep to write down.
    if (violations.listed.length > before) return undefined;
    // Each once, in an order that does not depend on the one sent.
    const texts = new Set(values.map((item) => JSON.stringify(item)));
    return { kind: 'in', values: [...texts].sort().map((text) => JSON.parse(text) as JsonScalar) };
  }
  if (name === 'exists' || name === 'isNull') {
    if (typeof value !== 'boolean') return refuse('must be true or false');
    return { kind: name, expected: value };
  }
  if (typeof value !== 'number' || !Number.isFinite(value))
    return refuse('must be a finite number');
  return { kind: 'compare', operator: operators[name], bound: value };
}

function refuseUnknownFields(
  unknown: readonly string[],
  path: string,
  violations: ViolationList,
): void {
  for (const name of unknown) {
    if (!violations.add(() => `${path}.${shorten(name)}`, 'is not a known field')) return;
  }
}

function explainScalar(value: unknown): string | undefined {
  switch (typeof value) {
    case 'boolean':
      return undefined;
    case 'number':
      return explainNumber(value);
    case 'string':
      return value.length > limits.maxPropertiesBytes
        ? `must be at most ${limits.maxPropertiesBytes} characters`
        : explainCharacters(value);
    default:
      return value === null
        ? 'must be a string, a number or a boolean: for null, use isNull'
        : 'must be a string, a number or a boolean';
  }
}
