import { entryFields, type EntryColumn, type EntryField } from '../../logs/log-store';
import type { JsonParts } from '../../logs/json';
import type { GraphQLContext } from '../context';
import type { SelectedField, Selection } from './selection';
import { Unsupported } from './unsupported';

/**
 * Answers a field of a root type with JSON.
 * @param args coerced
 * @throws {unknown} anything, when the field's resolver is to answer instead
 */
type FastResolver = (
  args: Readonly<Record<string, unknown>>,
  selection: Selection,
  context: GraphQLContext,
) => Promise<JsonParts>;

/** By the type and the name of the field. */
export const fastResolvers: Readonly<Record<string, Readonly<Record<string, FastResolver>>>> = {
  Query: {
    logs: async (args, selection, { logManager, mustBeLatest }) =>
      logManager.logs(args, toColumns(selection), mustBeLatest),
  },
  Mutation: {
    recordSession: async ({ input }, selection, context) => {
      context.recording = context.logManager.recordSession(input, 'input');
      return [renderObject(await context.recording, selection)];
    },
  },
};

const knownColumns = new WeakMap<Selection, readonly EntryColumn[]>();

function toColumns(selection: Selection): readonly EntryColumn[] {
  const known = knownColumns.get(selection);
  if (known) return known;
  const columns = selection.map(({ key, name, parentType }): EntryColumn => {
    if (name === '__typename') return { key, constant: parentType };
    if (!isEntryField(name)) throw new Unsupported();
    return { key, field: name };
  });
  knownColumns.set(selection, columns);
  return columns;
}

function isEntryField(name: string): name is EntryField {
  return (entryFields as readonly string[]).includes(name);
}

/** Values as graphql-js takes them from an object: properties, methods, lists of objects. */
function renderObject(object: object, selection: Selection): string {
  const fields = selection.map((field) => `"${field.key}":${renderField(object, field)}`);
  return `{${fields.join(',')}}`;
}

function renderField(object: object, { name, parentType, children }: SelectedField): string {
  if (name === '__typename') return JSON.stringify(parentType);
  const property: unknown = Reflect.get(object, name);
  const value: unknown = typeof property === 'function' ? property.call(object) : property;
  // No leaf of ours is a list.
  if (!Array.isArray(value)) return JSON.stringify(value);
  return `[${value.map((item: object) => renderObject(item, children)).join(',')}]`;
}
