import { Kind, type ValueNode } from 'graphql';
import type { VariableValues } from './variables';

/**
 * The value of a literal as JSON. Enum values are strings. Numbers beyond a double are Infinity or, too close to
 * 0, NaN, which the rules refuse. Unlike graphql-js's `valueFromASTUntyped`, an absent variable is null in a
 * list and makes no field in an object.
 */
export function valueOfLiteral(node: ValueNode, variables?: VariableValues | null): unknown {
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.INT:
    case Kind.FLOAT: {
      const value = Number(node.value);
      return value === 0 && /^[^e]*[1-9]/i.test(node.value) ? NaN : value;
    }
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return node.value;
    case Kind.LIST:
      return node.values.map((item) => valueOfLiteral(item, variables) ?? null);
    case Kind.OBJECT: {
      const values = node.fields.map(({ name, value }) => [name.value, valueOfLiteral(value, variables)]);
      return Object.fromEntries(values.filter(([, value]) => value !== undefined));
    }
    case Kind.VARIABLE:
      return variables?.[node.name.value];
  }
}
