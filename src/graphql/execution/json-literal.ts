import { Kind, type ObjectFieldNode, type ValueNode } from 'graphql';

type Variables = Readonly<Record<string, unknown>> | null | undefined;

/**
 * The value of a literal as JSON; enum values are strings. Unlike graphql-js's `valueFromASTUntyped`, an
 * absent variable is null in a list and makes no field in an object.
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
    case Kind.ENUM:
      return node.value;
    case Kind.LIST:
      return node.values.map((item) => valueOfLiteral(item, variables) ?? null);
    case Kind.OBJECT:
      return valueOfObject(node.fields, variables);
    case Kind.VARIABLE:
      return variables?.[node.name.value];
  }
}

function valueOfObject(fields: readonly ObjectFieldNode[], variables: Variables): object {
  const object = {};
  for (const { name, value: node } of fields) {
    const value = valueOfLiteral(node, variables);
    if (value === undefined) continue;
    // Not assigned, so that __proto__ is a key like any other.
    const property = { value, enumerable: true, configurable: true, writable: true };
    Object.defineProperty(object, name.value, property);
  }
  return object;
}
