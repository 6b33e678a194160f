import {
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isSpecifiedScalarType,
  typeFromAST,
  valueFromAST,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  type NamedTypeNode,
  type VariableDefinitionNode,
} from 'graphql';
import { mostItemsOf } from '../limits/input-limits';
import type { VariableValues } from './selection';
import { Unsupported } from './unsupported';

/** Gives a value the form that its type has inside the server. Throws whatever when it does not fit. */
type Coerce = (value: unknown) => unknown;

/** How input types are coerced, kept for the next operation that uses them. */
export type CompiledInputs = Map<GraphQLInputObjectType, Coerce>;

/**
 * Compiles the variable definitions of a valid operation to what graphql-js's `getVariableValues` does with them.
 * @returns a function that throws when the variables that were sent do not fit
 */
export function compileVariables(
  definitions: readonly VariableDefinitionNode[],
  schema: GraphQLSchema,
  compiled: CompiledInputs,
): (sent: VariableValues) => VariableValues {
  const variables = definitions.map(({ variable, type: typeNode, defaultValue }) => {
    // Which assigning would lose.
    if (variable.name.value === '__proto__') throw new Unsupported();
    // In a valid document it is an input type.
    const type = typeFromAST(schema, typeNode as NamedTypeNode) as GraphQLInputType;
    return {
      name: variable.name.value,
      coerce: compileType(type, undefined, compiled),
      isRequired: isNonNullType(type),
      fallback: defaultValue && valueFromAST(defaultValue, type),
    };
  });
  return (sent) => {
    const values: Record<string, unknown> = {};
    for (const { name, coerce, isRequired, fallback } of variables) {
      if (Object.hasOwn(sent, name)) values[name] = coerce(sent[name]);
      else if (fallback !== undefined) values[name] = fallback;
      else if (isRequired) throw new Unsupported();
    }
    return values;
  };
}

/** @param field the field of an input type that has this one; undefined for a variable */
function compileType(
  type: GraphQLInputType,
  field: string | undefined,
  compiled: CompiledInputs,
): Coerce {
  if (isNonNullType(type)) {
    const coerce = compileNullable(type.ofType, field, compiled);
    return (value) => {
      if (value === null || value === undefined) throw new Unsupported();
      return coerce(value);
    };
  }
  const coerce = compileNullable(type, field, compiled);
  return (value) => (value === null || value === undefined ? null : coerce(value));
}

function compileNullable(
  type: GraphQLInputType,
  field: string | undefined,
  compiled: CompiledInputs,
): Coerce {
  if (isListType(type)) {
    const coerce = compileType(type.ofType, undefined, compiled);
    const most = mostItemsOf(field, type);
    return (value) => {
      if (!Array.isArray(value)) return [coerce(value)];
      // It will be refused; nobody need look into it first.
      if (value.length > most) throw new Unsupported();
      return value.map(coerce);
    };
  }
  if (isInputObjectType(type)) return compileObject(type, compiled);
  if (!isLeafType(type)) throw new Unsupported();
  const isOurs = !isEnumType(type) && !isSpecifiedScalarType(type);
  return (value) => {
    // Other scalars refuse it, in words that quote all of it.
    if (typeof value === 'object' && !isOurs) throw new Unsupported();
    const parsed: unknown = type.parseValue(value);
    if (parsed === undefined) throw new Unsupported();
    return parsed;
  };
}

function compileObject(type: GraphQLInputObjectType, compiled: CompiledInputs): Coerce {
  const known = compiled.get(type);
  // A type may hold itself.
  if (known) return known;
  const fields: { name: string; coerce: Coerce; isRequired: boolean; fallback: unknown }[] = [];
  const names = new Set(Object.keys(type.getFields()));
  const coerceObject: Coerce = (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new Unsupported();
    }
    for (const name in value) if (!names.has(name)) throw new Unsupported();
    const object: Record<string, unknown> = {};
    for (const { name, coerce, isRequired, fallback } of fields) {
      const sent = (value as Record<string, unknown>)[name];
      if (sent !== undefined) object[name] = coerce(sent);
      else if (fallback !== undefined) object[name] = fallback;
      else if (isRequired) throw new Unsupported();
    }
    // https://spec.graphql.org/draft/#sec-OneOf-Input-Objects
    if (type.isOneOf) {
      const given = Object.values(object);
      if (given.length !== 1 || given[0] === null) throw new Unsupported();
    }
    return object;
  };
  compiled.set(type, coerceObject);
  for (const [name, field] of Object.entries(type.getFields())) {
    fields.push({
      name,
      coerce: compileType(field.type, name, compiled),
      isRequired: isNonNullType(field.type),
      fallback: field.defaultValue,
    });
  }
  return coerceObject;
}
