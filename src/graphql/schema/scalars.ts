import { GraphQLScalarType } from 'graphql';
import { valueOfLiteral } from '../execution/json-literal';

/**
 * A scalar that hands its input on as it is. The rules of logs/ judge it there, so that literals, variables and REST
 * are refused alike, with the path, and with every other violation of the request.
 */
function createScalar(name: string): GraphQLScalarType {
  return new GraphQLScalarType({
    name,
    parseValue: (value) => value,
    parseLiteral: valueOfLiteral,
    serialize: (value) => value,
  });
}

export const scalars = {
  DateTime: createScalar('DateTime'),
  JSONObject: createScalar('JSONObject'),
  JSON: createScalar('JSON'),
  SafeInt: createScalar('SafeInt'),
};
