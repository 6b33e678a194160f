import { LRUCache } from 'lru-cache';
import { Kind, type FieldNode, type GraphQLObjectType, type GraphQLResolveInfo } from 'graphql';
import { collectSubfields } from 'graphql/execution/collectFields';
import { columnsToRead } from '../../logs/reading/entry-columns';
import type { EdgeMember } from '../../logs/reading/entry-page';
import type { EntryColumn, EntryField } from '../../logs/model/log-entry';

/** The selected fields of an object type, by their keys in the result. */
export function subfieldsOf(typeName: string, info: GraphQLResolveInfo) {
  const { schema, fragments, variableValues, fieldNodes } = info;
  const type = schema.getType(typeName) as GraphQLObjectType;
  return Array.from(
    collectSubfields(schema, fragments, variableValues, type, fieldNodes),
    ([key, nodes]) => ({ key, name: nodes[0]!.name.value, info: { ...info, fieldNodes: nodes } }),
  );
}

/** Columns of field nodes without directives and fragments below them, which no variable changes. */
const constantColumns = new WeakMap<FieldNode, readonly EntryColumn[]>();
/** Equal columns are one object, since repositories recognize them by identity. */
const knownColumns = new LRUCache<string, readonly EntryColumn[]>({ max: 1_000 });

/** The columns of each entry of a list, in the order of selection. */
export function entryColumns(info: GraphQLResolveInfo): readonly EntryColumn[] {
  const [node, ...others] = info.fieldNodes;
  const constant = constantColumns.get(node!);
  if (constant && others.length === 0) return constant;
  const columns = subfieldsOf('LogEntry', info).map(({ key, name }): EntryColumn =>
    name === '__typename' ? { key, constant: 'LogEntry' } : { key, field: name as EntryField },
  );
  const text = JSON.stringify(columns);
  const known = knownColumns.get(text) ?? columns;
  knownColumns.set(text, known);
  if (others.length === 0 && hasConstantFields(node!)) constantColumns.set(node!, known);
  return known;
}

function hasConstantFields({ selectionSet }: FieldNode): boolean {
  return selectionSet!.selections.every(({ kind, directives }) => kind === Kind.FIELD && !directives?.length);
}

/** The members of each edge of a page, in the order of selection. */
export function edgeMembers(info: GraphQLResolveInfo): readonly EdgeMember[] {
  return subfieldsOf('LogEntryEdge', info).map(({ key, name, info: below }) => {
    if (name === 'node') return { key, columns: entryColumns(below) };
    return name === 'cursor' ? { key, isCursor: true } : { key, constant: 'LogEntryEdge' };
  });
}

/** The columns of each list of entries of a page of the feed. */
export function changeColumns(info: GraphQLResolveInfo): readonly (readonly EntryColumn[])[] {
  return subfieldsOf('LogChanges', info).flatMap(({ name, info: below }) =>
    name === 'entries' ? [entryColumns(below)] : [],
  );
}

/** The columns to read for a page of entries: what its lists show together. */
export function pageColumns(info: GraphQLResolveInfo): readonly EntryColumn[] {
  const shown = subfieldsOf('LogEntryConnection', info).flatMap(({ name, info: below }) => {
    if (name === 'nodes') return [entryColumns(below)];
    if (name !== 'edges') return [];
    return edgeMembers(below).flatMap((member) => ('columns' in member ? [member.columns] : []));
  });
  return columnsToRead(shown);
}
