import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  type GraphQLSchema,
} from 'graphql';

/** How many items a field of introspection returns, by its name. */
type Sizes = Readonly<Record<string, number>>;

export interface IntrospectionSize {
  /** For one item among all: the mean, so that their sum is right. */
  readonly mean: Sizes;
  /** For any item: the most. */
  readonly most: Sizes;
}

const known = new WeakMap<GraphQLSchema, IntrospectionSize>();

/** How much the introspection of a schema returns. */
export function introspectionSizeOf(schema: GraphQLSchema): IntrospectionSize {
  let size = known.get(schema);
  if (!size) known.set(schema, (size = measure(schema)));
  return size;
}

function measure(schema: GraphQLSchema): IntrospectionSize {
  const types = Object.values(schema.getTypeMap());
  const outputs = types.filter((type) => isObjectType(type) || isInterfaceType(type));
  const fieldCounts = outputs.map((type) => Object.keys(type.getFields()).length);
  const argCounts = outputs.flatMap((type) =>
    Object.values(type.getFields()).map(({ args }) => args.length),
  );
  const directives = schema.getDirectives();
  const counts: Readonly<Record<string, readonly [counts: readonly number[], among: number]>> = {
    types: [[types.length], 1],
    directives: [[directives.length], 1],
    fields: [fieldCounts, types.length],
    args: [[...argCounts, ...directives.map(({ args }) => args.length)], argCounts.length],
    inputFields: [
      types.filter(isInputObjectType).map((type) => Object.keys(type.getFields()).length),
      types.length,
    ],
    enumValues: [types.filter(isEnumType).map((type) => type.getValues().length), types.length],
    interfaces: [outputs.map((type) => type.getInterfaces().length), types.length],
    possibleTypes: [types.map((type) => (isInterfaceType(type) ? types.length : 0)), types.length],
  };
  const entries = Object.entries(counts);
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  return {
    mean: Object.fromEntries(entries.map(([name, [list, among]]) => [name, sum(list) / among])),
    most: Object.fromEntries(entries.map(([name, [list]]) => [name, Math.max(0, ...list)])),
  };
}
