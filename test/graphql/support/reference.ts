import { readFileSync } from 'node:fs';
import {
  buildSchema,
  execute,
  getOperationAST,
  Kind,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLError,
  type NonNullTypeNode,
  type OperationDefinitionNode,
} from 'graphql';
import { getVariableValues } from 'graphql/execution/values';
import type { ClickMap, LogHistogram, LogTypes } from '../../../src/graphql/schema/generated/resolver-types';
import type { GraphQLContext } from '../../../src/graphql/context';
import { inputRules } from '../../../src/graphql/execution/input-scalars';
import { addResolvers } from '../../../src/graphql/schema/resolvers';
import { addScalars } from '../../../src/graphql/schema/scalars';
import { LogManagerError } from '../../../src/logs/model/errors';
import type { JsonParts } from '../../../src/logs/model/json';
import { entryFields } from '../../../src/logs/model/log-entry';
import { readEntries } from '../../../src/logs/reading/entries';
import { openLogsConnection, type EntryConnection } from '../../../src/logs/reading/entry-page';
import type { RecordedSession } from '../../../src/logs/recording/recorder';
import type { Session } from '../../../src/logs/reading/sessions';
import type { Request } from './documents';

export const publicSchema = buildSchema(readFileSync('schema.graphql', 'utf8'));
addScalars(publicSchema);
addResolvers(publicSchema);

const columns = entryFields.map((field) => ({ key: field, field }));
const valueOf = (parts: JsonParts): unknown => JSON.parse(parts.join(''));
/** Resolvers that return objects, as those of any GraphQL server do. */
const resolvers: Record<
  string,
  Record<string, (parent: never, args: never, context: GraphQLContext) => unknown>
> = {
  Query: {
    logs: async (_root, args: object, { repository, readContext }) =>
      valueOf(await readEntries(repository, args, columns, readContext)),
    logsConnection: (_root, args, { repository, readContext }) =>
      openLogsConnection(repository, args, columns, readContext),
  },
  LogEntryConnection: {
    nodes: async (page: EntryConnection) => valueOf(await page.nodes(columns)),
    edges: async (page: EntryConnection) =>
      valueOf(
        await page.edges([
          { key: 'cursor', isCursor: true },
          { key: 'node', columns },
        ]),
      ),
  },
  LogHistogram: { buckets: ({ buckets }: LogHistogram) => buckets },
  LogTypes: { types: ({ types }: LogTypes) => types },
  ClickMap: { cells: ({ cells }: ClickMap) => cells },
  Session: { entries: (session: Session, args) => session.entries(args, columns) },
  RecordSessionPayload: { entries: (recorded: RecordedSession) => recorded.entries() },
};
addResolvers(publicSchema, resolvers);

/** What two answers have in common when one server may use other words than the other. */
export interface Outcome {
  readonly data?: unknown;
  readonly errors?: readonly { readonly code: string; readonly path: unknown }[];
}

/** What graphql-js answers over the public schema with plain resolvers. */
export async function askReference(
  { query, variables, operationName }: Request,
  contextValue: GraphQLContext,
): Promise<Outcome> {
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch {
    return { errors: [{ code: 'GRAPHQL_PARSE_FAILED', path: undefined }] };
  }
  const invalid = validate(publicSchema, document, specifiedRules);
  if (invalid.length > 0) {
    return { errors: [{ code: 'GRAPHQL_VALIDATION_FAILED', path: undefined }] };
  }
  const operation = getOperationAST(document, operationName);
  const refused = operation ? refuseVariables(operation, variables) : 'BAD_USER_INPUT';
  if (refused) return { errors: [{ code: refused, path: undefined }] };
  const { errors, data } = await execute({
    schema: publicSchema,
    document,
    variableValues: variables,
    operationName: operationName ?? null,
    contextValue,
  });
  // As JSON, like the other answer.
  const shown = data === undefined ? {} : (JSON.parse(JSON.stringify({ data })) as object);
  return { ...(errors && { errors: errors.map(toOutcome) }), ...shown };
}

/** The code with which a request is refused for its variables: of their types, else of their rules. */
function refuseVariables(
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Record<string, unknown>,
): string | undefined {
  const { coerced, errors } = getVariableValues(publicSchema, variableDefinitions, variables);
  if (errors) return 'BAD_USER_INPUT';
  const codes = variableDefinitions.flatMap(({ variable, type }) => {
    const rules = type.kind === Kind.NAMED_TYPE ? type : (type as NonNullTypeNode).type;
    const check = rules.kind === Kind.NAMED_TYPE && inputRules[rules.name.value];
    const name = variable.name.value;
    if (!check || !Object.hasOwn(variables, name) || coerced[name] === null) return [];
    try {
      check(coerced[name]);
      return [];
    } catch (error) {
      return [(error as LogManagerError).code];
    }
  });
  return codes.includes('BAD_USER_INPUT') ? 'BAD_USER_INPUT' : codes[0];
}

function toOutcome({ originalError, path }: GraphQLError) {
  const code = originalError instanceof LogManagerError ? originalError.code : 'BAD_USER_INPUT';
  return { code, path: path && [...path] };
}

/** The same of an answer of the server. Of a request that failed as a whole, it has the first error only. */
export function outcomeOf(answer: string): Outcome {
  const { errors, ...data } = JSON.parse(answer) as {
    errors?: { path?: unknown; extensions: { code: string } }[];
  };
  if (!errors) return data;
  if (!('data' in data)) return { errors: [{ code: errors[0]!.extensions.code, path: undefined }] };
  return { ...data, errors: errors.map(({ path, extensions: { code } }) => ({ code, path })) };
}
