import { execute, GraphQLError, locatedError, OperationTypeNode, type GraphQLFormattedError } from 'graphql';
import { errorCodes } from '../../logs/model/error-codes';
import { InvalidInputError, isRefusal, toRetryAfter } from '../../logs/model/errors';
import type { GraphQLContext } from '../context';
import { causeOf } from '../errors/format-error';
import type { ErrorObserver } from '../errors/report-errors';
import { writeLargeData } from './answer-size';
import { checkOperation, createFormat, toRefusedAnswer } from './check-operation';
import type { Operation } from './operation';
import { createRefusals } from './refusals';
import type { VariableValues } from './variables';

/** An answer, and how HTTP sends it. */
export interface Answer {
  readonly status: number;
  /** The header Retry-After, for a refusal. */
  readonly retryAfter?: string;
  readonly result: object;
}

/**
 * Creates the function that executes operations. Its results hold lists of entries as RawJson, and no `data`
 * when the request failed as a whole.
 */
export function createExecute(observer: ErrorObserver) {
  const refusals = createRefusals();
  return async (
    operation: Operation,
    sent: VariableValues,
    contextValue: GraphQLContext,
  ): Promise<Answer> => {
    const { document, definition, schema, onlyField } = operation;
    const { readContext } = contextValue;
    const format = createFormat(observer, contextValue.requestId);
    let values: VariableValues;
    try {
      values = await checkOperation(operation, sent, contextValue);
      if (definition.operation === OperationTypeNode.SUBSCRIPTION) throw mustStream();
    } catch (error) {
      return toRefusedAnswer(error, format);
    }
    const isQuery = definition.operation === OperationTypeNode.QUERY;
    const refusalBefore = isQuery && (await refusals.find(operation.number, sent, contextValue));
    if (refusalBefore) {
      const error = new GraphQLError('', { nodes: definition, originalError: refusalBefore });
      return toRefusal([error], format)!;
    }
    const refuse = (errors: readonly GraphQLError[]): Answer | undefined => {
      const refusal = toRefusal(errors, format);
      const cause = causeOf(errors[0]!);
      if (refusal && isRefusal(cause)) refusals.add(cause, operation.number, sent, contextValue);
      return refusal;
    };
    if (onlyField) {
      const { node, key, resolve } = onlyField;
      try {
        const data = { [key]: await resolve(values, contextValue) };
        return { status: 200, result: { data: await writeLargeData(data, operation, readContext) } };
      } catch (error) {
        const located = locatedError(error, [node], [key]);
        return refuse([located]) ?? { status: 200, result: { errors: [format(located)], data: null } };
      }
    }
    const { errors, data } = await execute({
      schema,
      document,
      operationName: definition.name?.value,
      variableValues: sent,
      contextValue,
    });
    const refusal = data === null && errors && refuse(errors);
    if (refusal) return refusal;
    if (!data)
      return { status: data === undefined ? 400 : 200, result: { errors: errors?.map(format), data } };
    try {
      const written = await writeLargeData(data, operation, readContext);
      return { status: 200, result: { ...(errors && { errors: errors.map(format) }), data: written } };
    } catch (originalError) {
      const error = format(new GraphQLError('', { originalError: originalError as Error }));
      return { status: 200, result: { errors: [error], data: null } };
    }
  };
}

/**
 * The answer to a request of which nothing was executed, since the database has too many reads to do: as HTTP asks, so
 * that clients and proxies that know nothing of GraphQL wait, too.
 */
function toRefusal(
  errors: readonly GraphQLError[],
  format: (error: GraphQLError) => GraphQLFormattedError,
): Answer | undefined {
  const causes = errors.map(causeOf);
  const [first] = causes;
  if (!isRefusal(first) || !causes.every(isRefusal)) return undefined;
  const status = errorCodes[first.code].httpStatus;
  return { status, retryAfter: toRetryAfter(first), result: { errors: errors.map(format) } };
}

function mustStream(): InvalidInputError {
  const message =
    'must be text/event-stream for a subscription; or send it over WebSocket, with the protocol graphql-transport-ws';
  return new InvalidInputError([{ path: 'Accept', message }]);
}
