import { getNullableType, isInputObjectType, isListType, type GraphQLInputType } from 'graphql';
import { toLogFilter, toSessionFilter } from '../../logs/filtering/log-filter';
import { isObject } from '../../logs/model/json';
import { validateSession } from '../../logs/recording/session-input';

type Convert = (value: unknown) => unknown;

/**
 * The rules of the input types that arguments have, which throw. The other input types are parts of these and
 * are checked with them.
 */
export const inputRules: Readonly<Record<string, Convert>> = {
  RecordSessionInput: (value) => validateSession(value, 'input'),
  LogFilter: toLogFilter,
  SessionFilter: toSessionFilter,
};

/**
 * Items of a list that are converted. Longer lists of input objects that hold lists are refused by their
 * rules.
 */
const maxItems = 100;

/**
 * Makes a function that puts single values into lists where the type has lists, as graphql-js does for input
 * objects.
 * @returns undefined for a type without lists
 */
export function createListCoercion(type: GraphQLInputType): Convert | undefined {
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    const coerceItem = createListCoercion(nullable.ofType);
    return (value) => {
      if (value === null || value === undefined) return value;
      const list: unknown[] = Array.isArray(value) ? value : [value];
      return coerceItem && list.length <= maxItems ? list.map(coerceItem) : list;
    };
  }
  if (!isInputObjectType(nullable)) return undefined;
  const coercions = Object.values(nullable.getFields()).flatMap(({ name, type: fieldType }) => {
    const coerce = createListCoercion(fieldType);
    return coerce ? [[name, coerce] as const] : [];
  });
  if (coercions.length === 0) return undefined;
  return (value) => {
    if (!isObject(value)) return value;
    let coerced = value;
    for (const [name, coerce] of coercions) {
      if (!Object.hasOwn(value, name)) continue;
      const item = coerce(value[name]);
      if (item === value[name]) continue;
      // Rules remember valid values by identity, so values that need no change are not copied.
      if (coerced === value) coerced = { ...value };
      coerced[name] = item;
    }
    return coerced;
  };
}
