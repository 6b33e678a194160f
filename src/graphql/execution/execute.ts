import {
  execute,
  getArgumentValues,
  getNullableType,
  GraphQLError,
  isLeafType,
  Kind,
  locatedError,
  OperationTypeNode,
  visit,
  type DocumentNode,
  type GraphQLFormattedError,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { requireScopes, requireUser, scopeBits } from '../../logs/access/principal';
import { ForbiddenError, InvalidInputError, isRefusal, toRetryAfter } from '../../logs/model/errors';
import { errorCodes } from '../../logs/model/error-codes';
import { checkActions } from '../../logs/recording/session-input';
import { shorten } from '../../logs/model/shorten';
import type { GraphQLContext } from '../context';
import { causeOf, formatError } from '../errors/format-error';
import { reportError, type ErrorObserver } from '../errors/report-errors';
import { findNamedUsers, scopesOf } from '../limits/field-scopes';
import { costOf } from '../limits/operation-cost';
import { checkRecordedEntries, writeLargeData } from './answer-size';
import { isIntrospection, replaceUnderflows } from './introspection';
import { createRefusals } from './refusals';
import { coerceVariables, readVariable, type VariableValues } from './variables';

export type Operation = ReturnType<typeof readOperation>;

/** An answer, and how HTTP sends it. */
export interface Answer {
  readonly status: number;
  /** The header Retry-After, for a refusal. */
  readonly retryAfter?: string;
  readonly result: object;
}

let operationCount = 0;

/** Prepares an operation of a valid document. */
export function readOperation(
  document: DocumentNode,
  definition: OperationDefinitionNode,
  publicSchema: GraphQLSchema,
  executionSchema: GraphQLSchema,
) {
  const fieldNames = readFieldNames(document, definition);
  const isPublic = fieldNames.some(isIntrospection);
  const schema = isPublic ? publicSchema : executionSchema;
  return {
    /** Identifies it in the process. */
    number: ++operationCount,
    document: isPublic ? replaceUnderflows(document) : document,
    definition,
    schema,
    variables: definition.variableDefinitions?.map((node) => readVariable(executionSchema, node)) ?? [],
    onlyField: readOnlyField(document, definition, schema),
    /** Whether the answer may show entries that are recorded. */
    showsRecorded: definition.operation === OperationTypeNode.MUTATION && fieldNames.includes('entries'),
    sessionCount: fieldNames.filter((name) => name === 'recordSession').length,
    /** The scopes that it needs, as bits. */
    requiredScopes: scopesOf(document, definition, publicSchema),
    namedUsers: findNamedUsers(document, definition, schema),
    /** The cost with the most expensive variables. */
    worstCost: costOf(document, definition, publicSchema, undefined),
  };
}

/**
 * Resolves a query of one leaf field without graphql-js's `execute`, which would take a sixth of the time that
 * 20 entries take.
 * @returns undefined for other operations, and where directives or fragments can change what is selected
 */
function readOnlyField(
  { definitions }: DocumentNode,
  { operation, selectionSet: { selections } }: OperationDefinitionNode,
  schema: GraphQLSchema,
) {
  const [node] = selections;
  if (definitions.length > 1 || selections.length > 1 || operation !== OperationTypeNode.QUERY)
    return undefined;
  if (node?.kind !== Kind.FIELD || node.directives?.length) return undefined;
  const field = schema.getQueryType()!.getFields()[node.name.value];
  if (!field || !isLeafType(getNullableType(field.type))) return undefined;
  return {
    node,
    key: (node.alias ?? node.name).value,
    resolve: (variableValues: VariableValues, context: GraphQLContext): unknown => {
      const args = getArgumentValues(field, node, variableValues);
      const info = { schema, fieldNodes: [node], fragments: {}, variableValues };
      return field.resolve!(undefined, args, context, info as unknown as GraphQLResolveInfo);
    },
  };
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
    const { document, definition, schema, onlyField, sessionCount } = operation;
    const { principal, readContext } = contextValue;
    const format = (error: GraphQLError): GraphQLFormattedError => {
      const shown = toVariableError(error);
      reportError(shown, contextValue.requestId, observer);
      return formatError(shown.toJSON(), shown);
    };

    let values: VariableValues;
    try {
      requireScopes(principal, operation.requiredScopes);
      if (principal.isPublic && sessionCount > 1) throw onlyOneSession();
      if (contextValue.isBeacon && operation.requiredScopes !== scopeBits.record) throw notForBeacons();
      if (contextValue.idempotencyKey !== undefined && sessionCount > 1) throw tooManySessions();
      for (const value of sessionCount > 0 ? Object.values(sent) : []) {
        const checking = checkActions(value);
        if (checking) await checking;
      }
      values = coerceVariables(operation.variables, sent);
      if (principal.userId !== undefined) {
        for (const userId of operation.namedUsers(values)) requireUser(principal, userId);
      }
      if (operation.showsRecorded) await checkRecordedEntries(operation, values, readContext.maxBytes);
    } catch (originalError) {
      const error = format(new GraphQLError('', { originalError: originalError as Error }));
      return { status: error.extensions?.['code'] === 'FORBIDDEN' ? 403 : 400, result: { errors: [error] } };
    }
    const isQuery = definition.operation === OperationTypeNode.QUERY;
    const refusalBefore = isQuery && (await refusals.find(operation.number, sent, contextValue));
    if (refusalBefore) {
      const error = new GraphQLError('', { nodes: definition, originalError: refusalBefore });
      return toRefusal([error], format)!;
    }
    const refuse = (errors: readonly GraphQLError[]): Answer | undefined => {
      const refusal = toRefusal(errors, format);
      if (refusal) refusals.add(operation.number, sent, contextValue);
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

/** The names of the fields of an operation and of all fragments, skipped ones too. */
function readFieldNames({ definitions }: DocumentNode, operation: OperationDefinitionNode): string[] {
  const names: string[] = [];
  for (const definition of definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION && definition !== operation) continue;
    visit(definition, { Field: ({ name }) => void names.push(name.value) });
  }
  return names;
}

/** Several sessions cannot have the key of the header Idempotency-Key: none of them is recorded. */
function tooManySessions(): InvalidInputError {
  const message = 'must be for one recordSession: with several, give each input an idempotencyKey of its own';
  return new InvalidInputError([{ path: 'Idempotency-Key', message }]);
}

/** Otherwise a request could hold more actions than a session may. */
function onlyOneSession(): ForbiddenError {
  return new ForbiddenError(
    'A public key may record one session a request. Send the others in requests of their own.',
  );
}

function notForBeacons(): ForbiddenError {
  return new ForbiddenError(
    'A body of text/plain may hold recordSession alone. Send others as application/json.',
  );
}

/**
 * Names the variable that graphql-js refused. In a valid document, graphql-js refuses an argument only if a
 * variable of a nullable type is null in a place that must not be null.
 */
function toVariableError(error: GraphQLError): GraphQLError {
  const [variable] = error.nodes ?? [];
  if (variable?.kind !== Kind.VARIABLE) return error;
  const violation = { path: shorten(variable.name.value), message: 'must not be null where it is used' };
  const originalError = new InvalidInputError([violation]);
  return new GraphQLError('', { nodes: variable, path: error.path, originalError });
}
