import {
  getArgumentValues,
  getNullableType,
  isLeafType,
  Kind,
  OperationTypeNode,
  visit,
  type DocumentNode,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { GraphQLContext } from '../context';
import { findNamedUsers, scopesOf } from '../limits/field-scopes';
import { costOf } from '../limits/operation-cost';
import { isIntrospection, replaceUnderflows } from './introspection';
import { readVariable, type VariableValues } from './variables';

/** An operation of a valid document, prepared. */
export type Operation = ReturnType<typeof readOperation>;

let operationCount = 0;

/** Prepares an operation of a valid document. */
export function readOperation(
  document: DocumentNode,
  definition: OperationDefinitionNode,
  publicSchema: GraphQLSchema,
  executionSchema: GraphQLSchema,
) {
  const fieldNames = readFieldNames(document, definition);
  const isOfFeed = fieldNames.includes('logChanges') || fieldNames.includes('logRecorded');
  const isPublic = fieldNames.some(isIntrospection);
  const schema = isPublic ? publicSchema : executionSchema;
  return {
    /** Identifies it in the process. */
    number: ++operationCount,
    document: isPublic ? replaceUnderflows(document) : document,
    definition,
    schema,
    variables:
      definition.variableDefinitions?.map((node) => readVariable(executionSchema, node, isOfFeed)) ?? [],
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

/** The names of the fields of an operation and of all fragments, skipped ones too. */
function readFieldNames({ definitions }: DocumentNode, operation: OperationDefinitionNode): string[] {
  const names: string[] = [];
  for (const definition of definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION && definition !== operation) continue;
    visit(definition, { Field: ({ name }) => void names.push(name.value) });
  }
  return names;
}
