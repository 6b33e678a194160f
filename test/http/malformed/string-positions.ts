import {
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import { raw, toJson, toLiteral } from '../../support/server/doors';

/** A place in the arguments of an operation that takes a string. */
export interface StringPosition {
  /** Such as `recordSession.input.actions.0.type`. */
  readonly name: string;
  /** The argument, with the value in this place. */
  readonly argument: string;
  /** Writes the operation with the argument as a literal. `text` is the value, as GraphQL text. */
  literal(text: string): string;
  /** The operation with the argument as a variable `$value`. */
  readonly operation: string;
  /** The value of that variable, as JSON. */
  variable(value: string): string;
}

type Path = readonly (string | number)[];

/** Marks the place of the value until it is written. */
const mark = '@mark@';
const scalars = new Set(['String', 'ID', 'DateTime', 'JSON', 'JSONObject']);
const samples: Readonly<Record<string, unknown>> = {
  String: 'u',
  DateTime: '2018-10-18T21:37:28Z',
  JSONObject: { key: 'u' },
  JSON: 'u',
  Int: 1,
  Float: 1,
  Boolean: true,
};

/** Every place of a schema that takes a string, or JSON with strings in it. */
export function stringPositions(schema: GraphQLSchema): StringPosition[] {
  return [schema.getQueryType()!, schema.getMutationType()!].flatMap((root) => {
    const keyword = root === schema.getMutationType() ? 'mutation' : 'query';
    return Object.values(root.getFields()).flatMap((field) => {
      const own = positionsOf(keyword, [field]);
      const type = getNamedType(field.type);
      const inner = isObjectType(type) ? Object.values(type.getFields()) : [];
      return [...own, ...inner.flatMap((nested) => positionsOf(keyword, [field, nested]))];
    });
  });
}

/** The places in the arguments of the last of some nested fields. */
function positionsOf(keyword: string, fields: readonly GraphQLField<unknown, unknown>[]): StringPosition[] {
  const field = fields.at(-1)!;
  return field.args.flatMap((arg) =>
    pathsOf(arg.type).map((path) => {
      const write = (value: string, head: string): string => `${head} { ${writeFields(fields, arg, value)} }`;
      const sample = sampleOf(arg.type, path, true);
      return {
        name: [...fields.map(({ name }) => name), arg.name, ...path].join('.'),
        argument: arg.name,
        literal: (text) =>
          write(
            toLiteral(sample).replace(JSON.stringify(mark), () => text),
            keyword,
          ),
        operation: write('$value', `${keyword} ($value: ${String(arg.type)})`),
        variable: (value) =>
          toJson(sampleOf(arg.type, path, false)).replace(JSON.stringify(mark), () => JSON.stringify(value)),
      };
    }),
  );
}

/** Paths of the strings in a value of a type; a key of a JSON object counts as one too. */
function pathsOf(type: GraphQLInputType, depth = 0): Path[] {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return pathsOf(nullable.ofType, depth).map((path) => [0, ...path]);
  if (isInputObjectType(nullable)) {
    const fields = Object.values(nullable.getFields());
    return fields.flatMap(({ name, type: inner }) =>
      pathsOf(inner, depth + 1).map((path) => [name, ...path]),
    );
  }
  if (nullable.name === 'JSONObject') return [['key']];
  return scalars.has(nullable.name) ? [[]] : [];
}

/** A valid value of a type, with {@link mark} at the path. */
function sampleOf(type: GraphQLInputType, path: Path | undefined, isLiteral: boolean): unknown {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return [sampleOf(nullable.ofType, path?.slice(1), isLiteral)];
  if (isInputObjectType(nullable)) {
    const fields = Object.values(nullable.getFields());
    const needed = ({ name, type: inner }: GraphQLInputField, at: number): boolean =>
      path?.[0] === name || (nullable.isOneOf ? path === undefined && at === 0 : isNonNullType(inner));
    return Object.fromEntries(
      fields
        .filter(needed)
        .map(({ name, type: inner }) => [
          name,
          sampleOf(inner, path?.[0] === name ? path.slice(1) : undefined, isLiteral),
        ]),
    );
  }
  if (isEnumType(nullable)) {
    const { name } = nullable.getValues()[0]!;
    return isLiteral ? raw(name) : name;
  }
  if (path === undefined) return samples[nullable.name];
  return path.length === 1 ? { [path[0]!]: mark } : mark;
}

/** Writes nested fields with their required arguments; the last field has the argument with the value. */
function writeFields(
  [field, ...inner]: readonly GraphQLField<unknown, unknown>[],
  arg: GraphQLArgument,
  value: string,
): string {
  const args = field!.args
    .filter((other) => (isNonNullType(other.type) && other.defaultValue === undefined) || other === arg)
    .map(
      (other) => `${other.name}: ${other === arg ? value : toLiteral(sampleOf(other.type, undefined, true))}`,
    );
  const selections = inner.length > 0 ? writeFields(inner, arg, value) : selectionsOf(field!);
  const isComposite = isObjectType(getNamedType(field!.type));
  return `${field!.name}${args.length > 0 ? `(${args.join(', ')})` : ''}${isComposite ? ` { ${selections} }` : ''}`;
}

/** All fields of a field's type without fields of their own, and those one level below. */
function selectionsOf(field: GraphQLField<unknown, unknown>, depth = 1): string {
  const type = getNamedType(field.type);
  if (!isObjectType(type)) return '';
  const written = Object.values(type.getFields()).map((inner) => {
    if (!isObjectType(getNamedType(inner.type))) return inner.name;
    return depth === 0 ? '' : `${inner.name} { __typename ${selectionsOf(inner, depth - 1)} }`;
  });
  return written.filter(Boolean).join(' ');
}
