import { GraphQLError, Kind, type ValueNode } from 'graphql';

type Variables = Readonly<Record<string, unknown>> | null | undefined;

/**
 * The value of a literal, for scalars that take any JSON.
 * Not graphql-js's valueFromASTUntyped, which turns an enum value into a string.
 */
export function valueOfLiteral(node: ValueNode, variables?: Variables): unknown {
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.STRING:
    case Kind.BOOLEAN:
      return node.value;
    case Kind.LIST:
      return node.values.map((item) => valueOfLiteral(item, variables) ?? null);
    case Kind.OBJECT:
      return objectOfLiteral(node.fields, variables);
    case Kind.VARIABLE:
      return variables?.[node.name.value];
    case Kind.ENUM:
      throw new GraphQLError(`${node.value} is not JSON: write "${node.value}"`, { nodes: node });
  }
}

function objectOfLiteral(
  fields: readonly { name: { value: string }; value: ValueNode }[],
  variables: Variables,
): object {
  const object = {};
  for (const { name, value: node } of fields) {
    const value = valueOfLiteral(node, variables);
    // Defined and not assigned, so that __proto__ is a key like any other. A variable without a value is no field.
    if (value !== undefined) {
      Object.defineProperty(object, name.value, {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  }
  return object;
}
