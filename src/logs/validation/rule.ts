import { ValidateBy, ValidateIf } from 'class-validator';

/** Returns what must be true of a value, such as `must be 1 to 256 characters`; undefined if it is true. */
export type Check = (value: unknown, object: object) => string | undefined;

/**
 * Takes a violation.
 * @param path from the checked value to the wrong part of it, such as `''`, `.a.b[2]` or `["a key"]`
 * @returns whether to look for more violations
 */
export type Report = (path: () => string, message: string) => boolean;

/** The rules of the parts of a value, such as the items of a list. */
export interface PartRules {
  readonly isValid: (value: unknown) => boolean;
  /** Reports every violation, until `report` returns false; then returns false. */
  readonly validate: (value: unknown, report: Report) => boolean;
}

/** The rules of a field of an input class. */
export interface Field {
  readonly name: string;
  readonly checks: Check[];
  /** For values that pass the checks. */
  parts?: PartRules;
  mayBeAbsent?: boolean;
  mayBeNull?: boolean;
}

const fieldsByPrototype = new Map<object, Map<string, Field>>();

/** The fields of an input class that have a rule or may be absent, in the order of their declaration. */
export function fieldsOf(Input: new () => object): ReadonlyMap<string, Field> {
  return fieldsByPrototype.get(Input.prototype as object) ?? new Map<string, Field>();
}

function registerField(prototype: object, name: string): Field {
  const fields = fieldsByPrototype.get(prototype) ?? new Map<string, Field>();
  fieldsByPrototype.set(prototype, fields);
  const field = fields.get(name) ?? { name, checks: [] };
  fields.set(name, field);
  return field;
}

/**
 * Makes a class-validator decorator, and registers its functions for {@link validateInput}.
 * @param check decides whether class-validator accepts the value
 * @param parts validates what is inside a value that passes `check`; class-validator does not use them
 */
export function rule(name: string, check: Check, parts?: PartRules): PropertyDecorator {
  const decorate = ValidateBy({
    name,
    validator: {
      validate: (value, args) => check(value, args!.object) === undefined,
      defaultMessage: (args) => check(args!.value, args!.object) ?? '',
    },
  });
  return (prototype, property) => {
    decorate(prototype, property);
    const field = registerField(prototype, String(property));
    field.checks.push(check);
    if (parts) field.parts = parts;
  };
}

/** Skips the rules of a field that is absent or null. Replaces class-validator's decorator of that name. */
export function IsOptional(): PropertyDecorator {
  return skipRules({ mayBeNull: true });
}

/** Skips the rules of a field that is absent; null breaks them. */
export function MayBeAbsent(): PropertyDecorator {
  return skipRules({ mayBeNull: false });
}

function skipRules({ mayBeNull }: { mayBeNull: boolean }): PropertyDecorator {
  return (prototype, property) => {
    const field = registerField(prototype, String(property));
    Object.assign(field, { mayBeAbsent: true, mayBeNull });
    ValidateIf((_object, value) => !isSkipped(field, value))(prototype, property);
  };
}

/** Whether a value is absent or null, and may be. */
export function isSkipped(field: Field, value: unknown): boolean {
  return value === undefined ? field.mayBeAbsent === true : value === null && !!field.mayBeNull;
}
