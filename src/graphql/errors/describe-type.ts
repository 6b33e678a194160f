import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  type GraphQLInputType,
} from 'graphql';
import { kindOf } from '../../logs/validation/kind';
import { shorten } from '../../logs/model/shorten';

/** What a value of a scalar type must be. */
const scalars: Readonly<Record<string, string>> = {
  Boolean: 'true or false',
  DateTime: 'a date-time, as a string',
  Float: 'a number',
  ID: 'a string',
  Int: 'an integer from -2^31 to 2^31-1',
  JSON: 'a JSON value',
  JSONObject: 'a JSON object',
  String: 'a string',
};

/** What a value of a type must be, such as `TIME_ASC or TIME_DESC`. */
export function describeType(type: GraphQLInputType): string {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return `a list, each item ${describeType(nullable.ofType)}`;
  const named = getNamedType(nullable);
  if (isEnumType(named)) {
    const names = named.getValues().map(({ name }) => name);
    return [names.slice(0, -1).join(', '), names.at(-1)].join(' or ');
  }
  const fields = isInputObjectType(named) ? ` with ${Object.keys(named.getFields()).join(', ')}` : '';
  return scalars[named.name] ?? `an object of type ${named.name}${fields}`;
}

/** A value in a message: what is short as JSON, otherwise its kind. */
export function showValue(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(shorten(value)) : kindOf(value);
}
