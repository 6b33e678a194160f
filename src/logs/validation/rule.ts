import { getMetadataStorage, ValidateBy, ValidateIf } from 'class-validator';
import { memoize } from '../model/memoize';

/** Returns what must be true of a value, such as `must be 1 to 256 characters`; undefined if it is true. */
export type Check = (value: unknown, object: object) => string | undefined;

/**
 * Takes a violation.
 * @param path from the checked value to the wrong part of it, such as `''`, `.a.b[2]` or `["a key"]`
 * @returns whether to look for more violations
 */
export type Report = (path: () => string, message: string) => boolean;

/** Reports every violation inside a value, until `report` returns false; then returns false. */
export type CheckParts = (value: unknown, report: Report) => boolean;

/** The rules of a field of an input class. */
export interface Field {
  readonly name: string;
  readonly checks: Check[];
  /** For values that pass the checks. */
  checkParts?: CheckParts | undefined;
  /** Whether the rules apply to a value; missing if the field is required. */
  isChecked?: (object: object, value: unknown) => boolean;
}

/** A class whose fields have rules; see {@link rule}. */
export type InputClass<Input extends object = object> = new () => Input;

/** The fields of an input class that have a rule or may be absent, in the order of their declaration. */
export const fieldsOf = memoize((Input: InputClass): ReadonlyMap<string, Field> => {
  const fields = new Map<string, Field>();
  const rules = getMetadataStorage().getTargetValidationMetadatas(Input, '', false, false);
  for (const { propertyName: name, type, constraints } of rules) {
    const field = fields.get(name) ?? { name, checks: [] };
    fields.set(name, field);
    if (type === 'conditionalValidation') {
      field.isChecked = constraints[0] as Required<Field>['isChecked'];
    } else {
      const [check, checkParts] = constraints as [Check, CheckParts?];
      field.checks.push(check);
      field.checkParts ??= checkParts;
    }
  }
  return fields;
});

/**
 * Makes a class-validator decorator.
 * @param checkParts checks what is inside a value that passes `check`; only {@link requireValid} calls it
 */
export function rule(name: string, check: Check, checkParts?: CheckParts): PropertyDecorator {
  return ValidateBy({
    name,
    constraints: [check, checkParts],
    validator: {
      validate: (value, args) => check(value, args!.object) === undefined,
      defaultMessage: (args) => check(args!.value, args!.object) ?? '',
    },
  });
}

/** Skips the rules of a field that is absent; null breaks them. */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf((_object, value) => value !== undefined);
}
