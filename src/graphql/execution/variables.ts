import {
  coerceInputValue,
  getNamedType,
  getNullableType,
  isEnumType,
  isListType,
  isNonNullType,
  isSpecifiedScalarType,
  typeFromAST,
  valueFromAST,
  type GraphQLInputType,
  type GraphQLSchema,
  type NamedTypeNode,
  type VariableDefinitionNode,
} from 'graphql';
import { InvalidInputError } from '../../logs/model/errors';
import { filterLimits, limits } from '../../logs/model/limits';
import { shorten } from '../../logs/model/shorten';
import { createViolationList } from '../../logs/validation/violations';

/** Maximum number of items of a list that is a variable, by the type of the items; 100 of other types. */
const maxItemsOf: Readonly<Record<string, number>> = {
  ActionInput: limits.maxActionsPerSession,
  PropertyFilter: filterLimits.maxConditions,
};
/** Maximum number of UTF-16 units of a variable's name or a message of graphql-js. */
const maxLength = 300;

export type Variable = ReturnType<typeof readVariable>;

/** Values by the names of their variables. */
export type VariableValues = Readonly<Record<string, unknown>>;

/** Prepares a variable of a valid document. */
export function readVariable(schema: GraphQLSchema, definition: VariableDefinitionNode) {
  const type = typeFromAST(schema, definition.type as NamedTypeNode) as GraphQLInputType;
  const named = getNamedType(type);
  const isList = isListType(getNullableType(type));
  return {
    name: definition.variable.name.value,
    type,
    defaultValue: valueFromAST(definition.defaultValue, type),
    maxItems: isList ? (maxItemsOf[named.name] ?? filterLimits.maxValues) : undefined,
    /** Name of the (item) type if it is a built-in scalar or an enum: graphql-js would quote a whole object. */
    scalar: isSpecifiedScalarType(named) || isEnumType(named) ? named.name : undefined,
  };
}

/**
 * Checks and coerces all variables. graphql-js coerces them again when it executes, but its own errors hold
 * whole values and have no paths.
 * @throws {InvalidInputError} listing every violation of all variables
 * @throws {LogManagerError} another error of an input's rules, when no variable has violations
 */
export function coerceVariables(variables: readonly Variable[], sent: VariableValues): VariableValues {
  const violations = createViolationList();
  let otherError: Error | undefined;
  const values: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const variable of variables) {
    const { name, type, defaultValue } = variable;
    const path = shorten(name, maxLength);
    if (!Object.hasOwn(sent, name)) {
      if (defaultValue !== undefined) values[name] = defaultValue;
      else if (isNonNullType(type)) violations.add(() => path, `must have a value of type ${type}`);
      continue;
    }
    const value = sent[name];
    const excess = explainExcess(value, variable);
    if (excess !== undefined) violations.add(() => path, excess);
    else
      values[name] = coerceInputValue(value, type, (keys, _value, { message, originalError }) => {
        if (originalError instanceof InvalidInputError) violations.addError(originalError);
        else if (originalError) otherError ??= originalError;
        // Keys are places in lists: input objects are scalars.
        else violations.add(() => path + keys.map((at) => `[${at}]`).join(''), shorten(message, maxLength));
      });
  }
  if (violations.listed.length > 0) throw violations.toError();
  if (otherError) throw otherError;
  return values;
}

/** Explains values that graphql-js would write whole into its message: long lists, objects for scalars. */
function explainExcess(value: unknown, { maxItems, scalar }: Variable): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const isList = maxItems !== undefined && Array.isArray(value);
  if (isList && value.length > maxItems) return `must hold at most ${maxItems} items, not ${value.length}`;
  const isScalar = (item: unknown): boolean => typeof item !== 'object' || item === null;
  if (scalar === undefined || (isList && value.every(isScalar))) return undefined;
  return `must be of type ${scalar}, not a list or an object`;
}
