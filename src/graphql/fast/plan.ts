import {
  getArgumentValues,
  OperationTypeNode,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { GraphQLContext } from '../context';
import type { JsonParts } from '../../logs/model/json';
import { costOf } from '../limits/operation-cost';
import { maxCost } from '../limits/field-costs';
import { fragmentsOf, type Fragments } from '../limits/fragments';
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
  const plain = withoutLocations(operation);
  const { selectionSet, directives = [], variableDefinitions = [] } = plain;
  if (!root || directives.length > 0) throw new Unsupported();
  const fragments = withoutLocationsIn(fragmentsOf(document));
  const isTooDear = (sent?: VariableValues): boolean =>
    !(costOf(plain, fragments, schema, sent) <= maxCost);
  const mayBeTooDear = isTooDear();
  const fields = readSelections(selectionSet.selections, root, fragments);
  const resolvers = fastResolvers[root.name] ?? {};
  if (fields.some(({ name, definition }) => definition && !resolvers[name]))
    throw new Unsupported();
  const coerceVariables = compileVariables(variableDefinitions, schema, inputs);

  return async (sent, context) => {
    if (mayBeTooDear && isTooDear(sent)) throw new Unsupported();
    const variables = coerceVariables(sent);
    const selection = select(fields, variables);
    // They would have to wait for each other.
    if (isMutation && selection.length > 1) throw new Unsupported();
    const values = await Promise.all(
      selection.map(async (field) => {
        const { name, parentType, definition, node } = field;
        if (!definition) return JSON.stringify(parentType);
        const args = getArgumentValues(definition, node, variables);
        return resolvers[name]!(args, field, context, variables);
      }),
    );
    const parts: (string | Buffer)[] = [];
    selection.forEach(({ key }, at) => {
      const value = values[at]!;
      const start = `${at === 0 ? '{"data":{' : ','}"${key}":`;
      if (typeof value === 'string') parts.push(start, value);
      else parts.push(start, ...value);
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
