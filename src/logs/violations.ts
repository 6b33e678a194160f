import { validateSync, type ValidationError } from 'class-validator';
import type { Violation } from './errors';
import { findPropertiesViolations } from './rules/properties';

/** Copies every field, known or not, so that class-validator sees the unknown ones and refuses them. */
export function assign<Target extends object>(target: Target, source: object): Target {
  for (const [key, value] of Object.entries(source)) {
    if (key === '__proto__') Object.defineProperty(target, key, { value, enumerable: true });
    else (target as Record<string, unknown>)[key] = value;
  }
  return target;
}

/**
 * Runs the class-validator rules of an object's class.
 * @param prefix put before each path
 */
export function collectViolations(object: object, prefix: string): readonly Violation[] {
  const errors = validateSync(object, { whitelist: true, forbidNonWhitelisted: true });
  return errors.flatMap((error) => toViolations(error, prefix));
}

function toViolations(
  { property, constraints = {}, value }: ValidationError,
  prefix: string,
): readonly Violation[] {
  const path = `${prefix}${property.length > 60 ? `${property.slice(0, 60)}…` : property}`;
  if ('isProperties' in constraints) {
    return findPropertiesViolations(value).map((found) => ({ ...found, path: path + found.path }));
  }
  if ('whitelistValidation' in constraints) return [{ path, message: 'is not a known field' }];
  return Object.values(constraints).map((message) => ({ path, message }));
}
