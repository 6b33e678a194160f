import {
  getArgumentValues,
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields';
import { TooManyBytesError } from '../../logs/model/errors';
import type { ReadContext } from '../../logs/model/read-context';
import { requireFit, type EntryLists } from '../../logs/recording/answer-size';
import { entryColumns } from './projection';
import { toRawJson, type RawJson } from './raw-json';
import type { VariableValues } from './variables';

/** A part of a prepared operation. */
interface Operation {
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  readonly schema: GraphQLSchema;
}

/** Bytes of an answer around its data. */
const envelopeBytes = '{"data":}\n'.length;

/** Bytes of lists above which an answer is written in slices. */
const largeBytes = 65_536;

/**
 * Writes a large answer in slices.
 * @returns the data, unchanged if it is small
 * @throws {TooManyBytesError} when it is too large. Mutations have been estimated: see {@link checkRecordedEntries}
 */
export async function writeLargeData(
  data: object,
  { definition: { operation } }: Pick<Operation, 'definition'>,
  { size, maxBytes }: ReadContext,
): Promise<object | RawJson> {
  if (size() <= largeBytes) return data;
  let bytes = envelopeBytes;
  return toRawJson(data, (more) => {
    bytes += more;
    if (bytes > maxBytes && operation === OperationTypeNode.QUERY) throw new TooManyBytesError(maxBytes);
  });
}

/**
 * Refuses sessions whose entries would be too large an answer, before any of them is stored.
 * @throws {TooManyBytesError}
 */
export async function checkRecordedEntries(
  { definition, document, schema }: Operation,
  variableValues: VariableValues,
  maxBytes: number,
): Promise<void> {
  const fragments = Object.fromEntries(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [],
    ),
  );
  const root = schema.getMutationType()!;
  const fields = collectFields(schema, fragments, variableValues, root, definition.selectionSet);
  const lists: EntryLists[] = [];
  for (const fieldNodes of fields.values()) {
    const [node] = fieldNodes;
    if (node!.name.value !== 'recordSession') continue;
    const info = { schema, fragments, variableValues, fieldNodes } as unknown as GraphQLResolveInfo;
    lists.push({ session: inputOf(node!, root, variableValues), columns: columnsOf(info) });
  }
  await requireFit(lists, maxBytes);
}

/** Undefined if the field has none: it then fails. */
function inputOf(node: FieldNode, root: GraphQLObjectType, variableValues: VariableValues): unknown {
  try {
    return getArgumentValues(root.getFields()['recordSession']!, node, variableValues)['input'];
  } catch {
    return undefined;
  }
}

/** The columns of each list `entries` below a field. */
function columnsOf(info: GraphQLResolveInfo) {
  const { schema, fragments, variableValues, fieldNodes } = info;
  const type = schema.getType('RecordSessionPayload') as GraphQLObjectType;
  return [...collectSubfields(schema, fragments, variableValues, type, fieldNodes).values()].flatMap(
    (nodes) => (nodes[0]!.name.value === 'entries' ? [entryColumns({ ...info, fieldNodes: nodes })] : []),
  );
}
