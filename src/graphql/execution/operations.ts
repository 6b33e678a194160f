import { HeaderMap, type ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { isObject } from '../../logs/model/json';
import { limits } from '../../logs/model/limits';
import type { GraphQLContext } from '../context';
import type { ErrorObserver } from '../errors/report-errors';
import { costOf } from '../limits/operation-cost';
import { createExecute, readOperation, type Operation } from './execute';
import type { VariableValues } from './variables';

const { maxQueryCost: maxCost } = limits;

/** Characters of all documents that are kept. The nodes and tokens of each character take up to 200 bytes. */
const maxKeptLength = 200_000;
/** Maximum characters of a kept document. Longer ones hold data and are sent only once. */
const maxDocumentLength = 20_000;
/** Memory that a document takes besides its text, in characters. */
const baseLength = 100;

/**
 * Executes operations, and remembers documents that Apollo Server has found valid.
 * @param publicSchema the schema that clients see; both schemas have resolvers
 */
export function createOperations(
  publicSchema: GraphQLSchema,
  executionSchema: GraphQLSchema,
  observer: ErrorObserver,
) {
  const execute = createExecute(observer);
  /** Operations by the `operationName` of the requests that executed them. */
  const known = new LRUCache<string, Map<unknown, Operation>>({
    maxSize: maxKeptLength,
    maxEntrySize: maxDocumentLength,
    sizeCalculation: (_operations, text) => baseLength + text.length,
  });

  /** The cost of an operation, with the variables of a request only where the cost may exceed the maximum. */
  function costWith({ worstCost, definition, document }: Operation, variables: VariableValues): number {
    return worstCost <= maxCost ? worstCost : costOf(document, definition, publicSchema, variables);
  }

  /** Executes the operations that Apollo Server parses and validates. */
  const plugin: ApolloServerPlugin<GraphQLContext> = {
    async requestDidStart() {
      let operation: Operation | undefined;
      return {
        async didResolveSource(request) {
          // Apollo Server parses and validates only when there is no document.
          const [operation] = known.get(request.source)?.values() ?? [];
          Object.assign(request, { document: operation?.document });
        },
        async didResolveOperation({ document, operation: definition, source, request }) {
          if (!definition) return;
          if (!publicSchema.getRootType(definition.operation)) {
            throw refusal(`There is no ${definition.operation} in the schema.`, definition);
          }
          const operations = known.get(source) ?? new Map<unknown, Operation>();
          const { operationName = null } = request;
          operation =
            operations.get(operationName) ??
            readOperation(document, definition, publicSchema, executionSchema);
          known.set(source, operations.set(operationName, operation));
          const cost = costWith(operation, request.variables ?? {});
          if (cost <= maxCost) return;
          const [shown, max] = [Math.ceil(cost), maxCost].map((number) => number.toLocaleString('en'));
          const message = `The operation may read ${shown} objects, more than ${max}: select fewer lists, or smaller pages.`;
          throw refusal(message, definition);
        },
        async responseForOperation({ request, contextValue }) {
          if (!operation) return null;
          const answer = await execute(operation, request.variables ?? {}, contextValue);
          const { status, result } = answer;
          const headers = new HeaderMap();
          if (answer.retryAfter !== undefined) headers.set('retry-after', answer.retryAfter);
          const body = { kind: 'single', singleResult: result } as const;
          return { http: { status, headers }, body };
        },
      };
    },
  };

  return {
    plugin,
    /** Answers the body of a POST. Undefined for Apollo Server: an unknown operation, or a wrong request. */
    answer(body: unknown, context: GraphQLContext): ReturnType<typeof execute> | undefined {
      if (!isObject(body)) return undefined;
      const { query, operationName = null } = body;
      const [variables, extensions] = [body['variables'] ?? {}, body['extensions'] ?? {}];
      if (typeof query !== 'string' || !isObject(variables)) return undefined;
      if (operationName !== null && typeof operationName !== 'string') return undefined;
      if (!isObject(extensions) || 'persistedQuery' in extensions) return undefined;
      const operation = known.get(query)?.get(operationName);
      if (!operation || costWith(operation, variables) > maxCost) return undefined;
      return execute(operation, variables, context);
    },
  };
}

function refusal(message: string, node: OperationDefinitionNode): GraphQLError {
  const extensions = { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } };
  return new GraphQLError(message, { nodes: node, extensions });
}
