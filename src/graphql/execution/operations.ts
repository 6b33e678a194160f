import { HeaderMap, type ApolloServerPlugin } from '@apollo/server';
import {
  BREAK,
  GraphQLError,
  visit,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { isObject } from '../../logs/model/json';
import type { GraphQLContext } from '../context';
import type { ErrorObserver } from '../errors/report-errors';
import { maxCost } from '../limits/field-costs';
import { costOf } from '../limits/operation-cost';
import { createExecute, findOnlyField, type Answer, type Operation } from './execute';
import { isIntrospection } from './introspection';
import { readVariables, type VariableValues } from './variables';

/**
 * Characters of all documents that are kept. The nodes and tokens of a document take up to 200 bytes for
 * each.
 */
const maxKeptLength = 200_000;
/** Characters of a document that is kept. Longer ones hold data and are sent once. */
const maxDocumentLength = 20_000;
/** What a document takes besides its text, in characters. */
const baseLength = 100;

interface KnownDocument {
  readonly document: DocumentNode;
  /** By the `operationName` of the requests that executed them. */
  readonly operations: Map<string | undefined, KnownOperation>;
}

interface KnownOperation extends Operation {
  /** The cost with the most expensive variables. */
  readonly worstCost: number;
}

/** Executes operations, and remembers documents that Apollo Server has found valid. */
export interface Operations {
  /** Executes the operations that Apollo Server parses and validates. */
  readonly plugin: ApolloServerPlugin<GraphQLContext>;
  /**
   * Executes a known operation without Apollo Server.
   * @param body of a POST
   * @returns undefined when Apollo Server must answer: the operation is not known, or the request must be
   *   refused
   */
  answer(body: unknown, context: GraphQLContext): Promise<Answer> | undefined;
}

/** @param publicSchema the schema that clients see; both schemas have resolvers */
export function createOperations(
  publicSchema: GraphQLSchema,
  executionSchema: GraphQLSchema,
  observer: ErrorObserver,
): Operations {
  const execute = createExecute(observer);
  const known = new LRUCache<string, KnownDocument>({
    maxSize: maxKeptLength,
    maxEntrySize: maxDocumentLength,
    sizeCalculation: (_document, text) => baseLength + text.length,
  });

  function toOperation(document: DocumentNode, definition: OperationDefinitionNode): KnownOperation {
    const schema = hasIntrospection(document) ? publicSchema : executionSchema;
    return {
      document,
      definition,
      variables: readVariables(definition.variableDefinitions ?? [], executionSchema),
      schema,
      onlyField: findOnlyField(document, definition, schema),
      worstCost: costOf(document, definition, publicSchema, undefined),
    };
  }

  /**
   * The cost of an operation, with the variables of a request only where these decide whether it is too
   * expensive.
   */
  function costWith(operation: KnownOperation, variables: VariableValues): number {
    const { worstCost, definition, document } = operation;
    if (worstCost <= maxCost) return worstCost;
    return costOf(document, definition, publicSchema, variables);
  }

  const plugin: ApolloServerPlugin<GraphQLContext> = {
    async requestDidStart() {
      let operation: KnownOperation;
      return {
        async didResolveSource(request) {
          // Apollo Server parses and validates only when there is no document.
          Object.assign(request, { document: known.get(request.source)?.document });
        },
        async didResolveOperation({ document, operation: definition, source, request }) {
          if (!definition) return;
          if (!publicSchema.getRootType(definition.operation)) {
            throw refusal(`There is no ${definition.operation} in the schema.`, definition);
          }
          const operations = known.get(source)?.operations ?? new Map<string | undefined, KnownOperation>();
          operation = operations.get(request.operationName) ?? toOperation(document, definition);
          operations.set(request.operationName, operation);
          known.set(source, { document, operations });
          const cost = costWith(operation, request.variables ?? {});
          if (cost <= maxCost) return;
          const message = `The operation may read ${format(cost)} objects, more than ${format(maxCost)}: ask for less, or in several requests.`;
          throw refusal(message, definition);
        },
        async responseForOperation({ operation: definition, request, contextValue }) {
          if (!definition) return null;
          const { status, result } = await execute(operation, request.variables ?? {}, contextValue);
          const body = { kind: 'single', singleResult: result as object } as const;
          return { http: { status, headers: new HeaderMap() }, body };
        },
      };
    },
  };

  return {
    plugin,
    answer(body, context) {
      if (!isObject(body)) return undefined;
      const { query, variables, operationName, extensions } = body;
      if (typeof query !== 'string') return undefined;
      if (!isAbsent(variables) && !isObject(variables)) return undefined;
      if (!isAbsent(operationName) && typeof operationName !== 'string') return undefined;
      if (!isAbsent(extensions)) {
        if (!isObject(extensions) || 'persistedQuery' in extensions) return undefined;
      }
      const operation = known.get(query)?.operations.get(operationName ?? undefined);
      if (!operation || costWith(operation, variables ?? {}) > maxCost) return undefined;
      return execute(operation, variables ?? {}, context);
    },
  };
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function hasIntrospection(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Field(node) {
      found = isIntrospection(node);
      return found ? BREAK : undefined;
    },
  });
  return found;
}

function refusal(message: string, node: OperationDefinitionNode): GraphQLError {
  const extensions = { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } };
  return new GraphQLError(message, { nodes: node, extensions });
}

function format(cost: number): string {
  return Math.ceil(cost).toLocaleString('en');
}
