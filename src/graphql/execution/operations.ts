import { HeaderMap, type ApolloServerPlugin } from '@apollo/server';
import {
  getOperationAST,
  GraphQLError,
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type GraphQLScalarType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { errorCodes } from '../../logs/model/error-codes';
import { isObject } from '../../logs/model/json';
import { limits } from '../../logs/model/limits';
import type { GraphQLContext } from '../context';
import { checkRequest } from '../errors/check-request';
import { explainErrors, type CheckLiteral } from '../errors/explain-validation';
import type { ErrorObserver } from '../errors/report-errors';
import { costOf } from '../limits/operation-cost';
import { InvalidInputError } from '../../logs/model/errors';
import { shorten } from '../../logs/model/shorten';
import { valueOfLiteral } from './json-literal';
import { checkOperation, createFormat, toRefusedAnswer } from './check-operation';
import { createExecute, type Answer } from './execute';
import { readOperation, type Operation } from './operation';
import { parseDocument } from './parse-document';
import { startSubscription, type Subscription } from './subscribe';
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

  const checkLiteral: CheckLiteral = ({ name }, literal) => {
    (executionSchema.getType(name) as GraphQLScalarType).parseValue(valueOfLiteral(literal));
  };

  const explain = (errors: readonly GraphQLError[], document: DocumentNode): GraphQLError[] =>
    explainErrors(errors, document, publicSchema, checkLiteral);

  /**
   * The operation of a request with a valid document.
   * @throws {GraphQLError} when the document has none of this name, or it costs too much
   */
  function resolve(
    source: string,
    document: DocumentNode,
    operationName: string | null = null,
    variables: VariableValues = {},
  ): Operation {
    const operations = known.get(source) ?? new Map<unknown, Operation>();
    let operation = operations.get(operationName);
    if (!operation) {
      const definition = getOperationAST(document, operationName);
      if (!definition) throw wrongOperationName(document, operationName);
      operation = readOperation(document, definition, publicSchema, executionSchema);
    }
    known.set(source, operations.set(operationName, operation));
    const cost = costWith(operation, variables);
    if (cost <= maxCost) return operation;
    const [shown, max] = [Math.ceil(cost), maxCost].map((number) => number.toLocaleString('en'));
    const message = `The operation may read ${shown} objects, more than ${max}: select fewer lists, or smaller pages.`;
    throw refusal(message, operation.definition);
  }

  /** The operation of a request, which is parsed and validated unless it is known. */
  function prepare({ query, operationName, variables }: SentRequest): Operation | readonly GraphQLError[] {
    const [operation] = known.get(query)?.values() ?? [];
    const document = operation?.document ?? parseDocument(query, publicSchema, explain);
    return 'kind' in document ? resolve(query, document, operationName, variables ?? {}) : document;
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
        async validationDidStart({ document }) {
          return async (errors) => {
            if (!errors) return;
            // Apollo Server sends the errors that this list holds afterwards.
            (errors as GraphQLError[]).splice(
              0,
              errors.length,
              ...explain(errors as GraphQLError[], document),
            );
          };
        },
        async didResolveOperation({ document, source, request }) {
          operation = resolve(source, document, request.operationName, request.variables);
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

    /**
     * Starts a subscription, or answers a query or a mutation, for a transport that can stream.
     * @param sent what the body of a POST would hold
     */
    async subscribe(sent: unknown, context: GraphQLContext): Promise<Answer | Subscription> {
      const format = createFormat(observer, context.requestId);
      try {
        const request = readRequest(sent);
        const operation = prepare(request);
        if (!('document' in operation)) return { status: 400, result: { errors: operation.map(format) } };
        const variables = request.variables ?? {};
        const { definition } = operation;
        if (context.isReadOnly === true && definition.operation === OperationTypeNode.MUTATION) {
          throw mustPost(definition);
        }
        if (definition.operation !== OperationTypeNode.SUBSCRIPTION) {
          return await execute(operation, variables, context);
        }
        await checkOperation(operation, variables, context);
        const started = await startSubscription(operation, variables, context, format);
        if ('ended' in started) return started;
        return { status: 400, result: { errors: started.map(format) } };
      } catch (error) {
        return toRefusedAnswer(error, format);
      }
    },
  };
}

/** The parts of a GraphQL request. */
interface SentRequest {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: VariableValues | null;
}

/**
 * Checks the parts of a request.
 * @throws {InvalidInputError}
 */
function readRequest(sent: unknown): SentRequest {
  checkRequest(sent);
  const request = sent as SentRequest;
  // There is a hash instead.
  if (!request.query) {
    throw new GraphQLError('PersistedQueryNotSupported', {
      extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' },
    });
  }
  return request;
}

/** As Apollo Server refuses a mutation that is sent with GET. */
function mustPost(nodes: OperationDefinitionNode): GraphQLError {
  const { httpStatus: status } = errorCodes.METHOD_NOT_ALLOWED;
  return new GraphQLError('', { nodes, extensions: { code: 'BAD_REQUEST', http: { status } } });
}

/** A document with several operations needs the name of one, another document the name of its own, or none. */
function wrongOperationName({ definitions }: DocumentNode, sent: unknown): GraphQLError {
  const names = definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION ? [node.name?.value] : [],
  );
  const known = names.filter((name) => name !== undefined).map((name) => shorten(name));
  const expected =
    known.length === 0 ? 'absent: the operation has no name' : `one of ${shorten(known.join(', '), 300)}`;
  const isSent = sent !== undefined && sent !== null && sent !== '';
  const message =
    isSent || names.length === 1
      ? `must be ${expected}`
      : `is required, since the document has several operations: ${expected}`;
  const originalError = new InvalidInputError([{ path: 'operationName', message }]);
  return new GraphQLError('', { originalError, extensions: { http: { status: 400 } } });
}

function refusal(message: string, node: OperationDefinitionNode): GraphQLError {
  const extensions = { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } };
  return new GraphQLError(message, { nodes: node, extensions });
}
