import {
  getArgumentValues,
  OperationTypeNode,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { GraphQLContext } from '../context';
import { LogManagerError } from '../../logs/errors';
import type { JsonParts } from '../../logs/json';
import { costOf } from '../cost';
import { maxCost } from '../cost-table';
import { fragmentsOf, type Fragments } from '../fragments';
import { fastResolvers } from './fast-resolvers';
import { readSelections, select, type VariableValues } from './selection';
import { Unsupported } from './unsupported';
import { compileVariables, type CompiledInputs } from './variables';

/**
 * Answers an operation as graphql-js would, with JSON.
 * @param sent the variables
 * @throws {unknown} anything, when graphql-js is to answer: with an error, most likely
 */
export type Plan = (sent: VariableValues, context: GraphQLContext) => Promise<JsonParts>;

/**
 * Compiles an operation of a valid document.
 * @throws {Unsupported} when it holds what is left to graphql-js
 */
export function compilePlan(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  schema: GraphQLSchema,
  inputs: CompiledInputs,
): Plan {
  const root = schema.getRootType(operation.operation);
  const isMutation = operation.operation === OperationTypeNode.MUTATION;
  const { selectionSet, directives = [], variableDefinitions = [] } = withoutLocations(operation);
  if (!root || directives.length > 0) throw new Unsupported();
  const fragments = fragmentsOf(document);
  // What may cost too much is judged by the variables of each request.
  if (!(costOf(operation, fragments, schema, undefined) <= maxCost)) throw new Unsupported();
  const fields = readSelections(selectionSet.selections, root, withoutLocationsIn(fragments));
  const definitions = root.getFields();
  const resolvers = fastResolvers[root.name] ?? {};
  if (fields.some(({ name }) => name !== '__typename' && !resolvers[name])) throw new Unsupported();
  const coerceVariables = compileVariables(variableDefinitions, schema, inputs);

  return async (sent, context) => {
    const variables = coerceVariables(sent);
    const selection = select(fields, variables);
    // They would have to wait for each other.
    if (isMutation && selection.length > 1) throw new Unsupported();
    const values = await Promise.all(
      selection.map(async ({ key, name, parentType, node, children }) => {
        if (name === '__typename') return [JSON.stringify(parentType)];
        const args = getArgumentValues(definitions[name]!, node, variables);
        return resolvers[name]!(args, children, context).catch((error: unknown) => {
          if (error instanceof LogManagerError) context.failure ??= { key, error };
          throw error;
        });
      }),
    );
    const parts: (string | Buffer)[] = [];
    selection.forEach(({ key }, at) => {
      parts.push(`${at === 0 ? '{"data":{' : ','}"${key}":`, ...values[at]!);
    });
    if (parts.length === 0) return ['{"data":{}}\n'];
    parts.push('}}\n');
    return parts;
  };
}

function withoutLocationsIn(fragments: Fragments): Fragments {
  return new Map(Array.from(fragments, ([name, node]) => [name, withoutLocations(node)]));
}

/** A copy that does not keep the document's text and all its tokens in memory. */
function withoutLocations<Node extends object>(node: Node): Node {
  const text = JSON.stringify(node, (key, value: unknown) => (key === 'loc' ? undefined : value));
  return JSON.parse(text) as Node;
}
