import { getNullableType, isInputObjectType, isListType, type GraphQLInputType } from 'graphql';
import { checkLogFilter, toSessionFilter } from '../../logs/filtering/log-filter';
import { isObject } from '../../logs/model/json';
import { validateSession } from '../../logs/recording/session-input';

type Convert = (value: unknown) => unknown;

/** Rules of the input types of arguments, which throw. The other input types are parts of these. */
export const inputRules: Readonly<Record<string, Convert>> = {
  RecordSessionInput: (value) => validateSession(value, 'input'),
  LogFilter: checkLogFilter,
  SessionFilter: toSessionFilter,
};

/** Longer lists of input objects that hold lists are not converted: their rules refuse them. */
const maxItems = 100;

/** Makes a function that puts single values into lists, as graphql-js does; undefined for types without lists. */
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
    return coerce ? [{ name, coerce }] : [];
  });
  if (coercions.length === 0) return undefined;
  return (value) => {
    if (!isObject(value)) return value;
    const changes = coercions.flatMap(({ name, coerce }) => {
      const item = Object.hasOwn(value, name) ? coerce(value[name]) : value[name];
      return item === value[name] ? [] : [[name, item] as const];
    });
    // Rules remember valid values by identity, so values that need no change are not copied.
    return changes.length === 0 ? value : { ...value, ...Object.fromEntries(changes) };
  };
}
