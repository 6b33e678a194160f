import {
  getNullableType,
  GraphQLNonNull,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type ASTNode,
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type ValueNode,
} from 'graphql';
import type { Violation } from '../../logs/model/errors';
import { shorten } from '../../logs/model/shorten';

type Variables = Readonly<Record<string, unknown>>;

/**
 * Finds the variables that are null or absent where a value must be. A valid document may have them where the argument has
 * a default, and, as graphql-js overlooks it, in a predicate; it finds them out when it executes the field.
 * @param refused the arguments' values that graphql-js has refused
 * @returns by them, the violations; none where something else is wrong
 */
export function findNullVariables(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  schema: GraphQLSchema,
  sent: Variables,
  refused: ReadonlySet<ASTNode>,
): ReadonlyMap<ASTNode, readonly Violation[]> {
  const found = new Map<ASTNode, readonly Violation[]>();
  const typeInfo = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Argument({ name, value }) {
        const type = typeInfo.getInputType();
        if (type && refused.has(value)) found.set(value, violationsIn(value, type, name.value));
        return false;
      },
    }),
  );
  return found;

  function violationsIn(node: ValueNode, type: GraphQLInputType, path: string): Violation[] {
    const nullable = getNullableType(type);
    switch (node.kind) {
      case Kind.VARIABLE: {
        const variable = node.name.value;
        if (!isNonNullType(type) || !isNull(variable)) return [];
        return [
          { path, message: `must not be null: give the variable $${shorten(variable)} a value` },
        ];
      }
      case Kind.LIST:
        return isListType(nullable)
          ? node.values.flatMap((item, at) => violationsIn(item, nullable.ofType, `${path}[${at}]`))
          : [];
      case Kind.OBJECT: {
        const objectType = isListType(nullable) ? getNullableType(nullable.ofType) : nullable;
        if (!isInputObjectType(objectType)) return [];
        const fields = objectType.getFields();
        return node.fields.flatMap(({ name, value }) => {
          const field = fields[name.value];
          if (!field) return [];
          // https://spec.graphql.org/September2025/#sec-OneOf-Input-Objects
          const fieldType = objectType.isOneOf
            ? new GraphQLNonNull(getNullableType(field.type))
            : field.type;
          return violationsIn(value, fieldType, `${path}.${name.value}`);
        });
      }
      default:
        return [];
    }
  }

  function isNull(name: string): boolean {
    if (Object.hasOwn(sent, name)) return sent[name] === null || sent[name] === undefined;
    const definition = operation.variableDefinitions?.find(
      ({ variable }) => variable.name.value === name,
    );
    const kind = definition?.defaultValue?.kind;
    return kind === undefined || kind === Kind.NULL;
  }
}
