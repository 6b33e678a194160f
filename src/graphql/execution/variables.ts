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
  type GraphQLList,
  type GraphQLSchema,
  type NamedTypeNode,
  type VariableDefinitionNode,
} from 'graphql';
import { describeType, showValue } from '../errors/describe-type';
import { InvalidInputError } from '../../logs/model/errors';
import { checkLogFilter, requireBound } from '../../logs/filtering/log-filter';
import { filterLimits, limits } from '../../logs/model/limits';
import { shorten } from '../../logs/model/shorten';
import { mustBe } from '../../logs/validation/kind';
import { createViolationList } from '../../logs/validation/violations';

/** Maximum number of items of a list that is a variable, by the type of the items; 100 of other types. */
const maxItemsOf: Readonly<Record<string, number>> = {
  ActionInput: limits.maxActionsPerSession,
  PropertyFilter: filterLimits.maxConditions,
};
/** Maximum number of UTF-16 units of a variable's name. */
const maxLength = 300;

export type Variable = ReturnType<typeof readVariable>;

/** Values by the names of their variables. */
export type VariableValues = Readonly<Record<string, unknown>>;

/**
 * Prepares a variable of a valid document.
 * @param isOfFeed whether a filter may be on properties alone
 */
export function readVariable(schema: GraphQLSchema, definition: VariableDefinitionNode, isOfFeed = false) {
  const type = typeFromAST(schema, definition.type as NamedTypeNode) as GraphQLInputType;
  const named = getNamedType(type);
  const isList = isListType(getNullableType(type));
  return {
    name: definition.variable.name.value,
    type,
    defaultValue: valueFromAST(definition.defaultValue, type),
    maxItems: isList ? (maxItemsOf[named.name] ?? filterLimits.maxValues) : undefined,
    mustBeBounded: named.name === 'LogFilter' && !isOfFeed,
    /** Whether the (item) type is a built-in scalar or an enum: graphql-js would write a whole object. */
    isScalar: isSpecifiedScalarType(named) || isEnumType(named),
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
      else if (isNonNullType(type)) {
        violations.add(() => path, `is required in the variables and must be ${describeType(type)}`);
      }
      continue;
    }
    const value = sent[name];
    const excess = explainExcess(value, variable);
    if (excess) violations.add(() => path + excess.place, excess.message);
    else
      values[name] = coerceInputValue(value, type, (keys, wrong, { originalError }) => {
        if (originalError instanceof InvalidInputError) violations.addError(originalError);
        else if (originalError) otherError ??= originalError;
        else {
          // Keys are places in lists: input objects are scalars.
          const expected = describeType(keys.reduce(itemTypeOf, type));
          const message = `must be ${expected}, not ${showValue(wrong)}`;
          violations.add(() => path + keys.map((at) => `[${at}]`).join(''), message);
        }
      });
  }
  if (violations.listed.length > 0) throw violations.toError();
  if (otherError) throw otherError;
  for (const { name, mustBeBounded } of variables)
    if (mustBeBounded) requireBound(checkLogFilter(values[name]));
  return values;
}

function itemTypeOf(type: GraphQLInputType): GraphQLInputType {
  return (getNullableType(type) as GraphQLList<GraphQLInputType>).ofType;
}

/** Explains values that graphql-js would write whole into its message: long lists, objects for scalars. */
function explainExcess(
  value: unknown,
  { type, maxItems, isScalar }: Variable,
): { readonly place: string; readonly message: string } | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const isList = maxItems !== undefined && Array.isArray(value);
  if (isList && value.length > maxItems) {
    return { place: '', message: `must hold at most ${maxItems} items, not ${value.length}` };
  }
  if (!isScalar) return undefined;
  const refuse = (place: string, expected: GraphQLInputType, wrong: unknown) => ({
    place,
    message: mustBe(describeType(expected), wrong),
  });
  if (!isList) return refuse('', type, value);
  const at = value.findIndex((item) => typeof item === 'object' && item !== null);
  return at < 0 ? undefined : refuse(`[${at}]`, itemTypeOf(type), value[at]);
}
