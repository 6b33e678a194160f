import { GraphQLError, isScalarType, visit, type GraphQLSchema } from 'graphql';
import { valueOfLiteral } from '../execution/json-literal';

/** Lets the scalars of the SDL take any JSON. The rules of logs/ check the values where they are used. */
export function addScalars(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isScalarType(type) || !type.astNode) continue;
    type.parseLiteral = (literal, variables) => {
      visit(literal, {
        EnumValue(node) {
          throw new GraphQLError(`${node.value} is not JSON: write "${node.value}"`, { nodes: node });
        },
      });
      return valueOfLiteral(literal, variables);
    };
  }
}
