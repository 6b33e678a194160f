import { ValidateBy } from 'class-validator';

/**
 * A class-validator decorator made of one function.
 * @param explain says what must be true of a value, and nothing when it is
 */
export function rule(
  name: string,
  explain: (value: unknown, object: object) => string | undefined,
): PropertyDecorator {
  return ValidateBy({
    name,
    validator: {
      validate: (value, args) => explain(value, args?.object ?? {}) === undefined,
      defaultMessage: (args) => (args && explain(args.value, args.object)) ?? '',
    },
  });
}
