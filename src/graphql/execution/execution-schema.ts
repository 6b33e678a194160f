import {
  buildASTSchema,
  GraphQLSchema,
  isInputObjectType,
  isScalarType,
  Kind,
  parse,
  parseType,
  specifiedScalarTypes,
  visit,
  type DocumentNode,
  type TypeNode,
} from 'graphql';
import { createListCoercion, inputRules } from './input-scalars';
import { valueOfLiteral } from './json-literal';

/** Types whose lists resolvers return as JSON text: graphql-js would complete 100,000 objects in one go. */
export const jsonTypes: ReadonlySet<string> = new Set([
  'LogEntry',
  'LogEntryEdge',
  'Erasure',
  'HistogramBucket',
  'GroupCount',
  'LogTypeSummary',
  'ClickCell',
]);

/**
 * Creates the schema for execution: the public one, but long lists are leaves and input objects are scalars, so that
 * graphql-js makes no objects of their items and does not coerce inputs part by part.
 */
export function createExecutionSchema(typeDefs: string, publicSchema: GraphQLSchema) {
  const document: DocumentNode = visit(parse(typeDefs, { noLocation: true }), {
    InputObjectTypeDefinition: ({ name }) => ({ kind: Kind.SCALAR_TYPE_DEFINITION, name }),
    FieldDefinition: (node) => (isJsonList(node.type) ? { ...node, type: rawJson } : undefined),
  });
  const config = buildASTSchema(document).toConfig();
  const schema = new GraphQLSchema({
    ...config,
    // Variables may have scalar types that only input objects used.
    types: [...config.types, ...specifiedScalarTypes],
  });
  const same = (value: unknown): unknown => value;
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isScalarType(type) || !type.astNode) continue;
    const input = publicSchema.getType(type.name);
    const coerce = (isInputObjectType(input) && createListCoercion(input)) || same;
    const applyRules = inputRules[type.name] ?? same;
    type.serialize = same;
    type.parseValue = (sent) => {
      const value = coerce(sent);
      applyRules(value);
      return value;
    };
    // graphql-js drops what this throws, so literals are checked where they are used.
    type.parseLiteral = (node, variables) => coerce(valueOfLiteral(node, variables));
  }
  return schema;
}

const rawJson = parseType('JSON!', { noLocation: true });

function isJsonList(type: TypeNode, isInList = false): boolean {
  if (type.kind === Kind.NAMED_TYPE) return isInList && jsonTypes.has(type.name.value);
  return isJsonList(type.type, isInList || type.kind === Kind.LIST_TYPE);
}
