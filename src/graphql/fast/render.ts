import { getArgumentValues, type FieldNode, type GraphQLField } from 'graphql';
import type { EntryConnection } from '../../logs/reading/entry-page';
import type { JsonParts } from '../../logs/model/json';
import type { SelectedField, Selection, VariableValues } from './selection';
import { Unsupported } from './unsupported';
import { entryFields, type EntryColumn, type EntryField } from '../../logs/model/log-entry';

/** JSON, at once when nothing has to be waited for: a promise for each object would take longer than the rest. */
type Rendered = string | JsonParts | Promise<string | JsonParts>;

/**
 * Renders a value as graphql-js would: properties and methods of objects, lists, leaves. Our scalars are handed on as they
 * are, and no leaf is a list.
 * @param selection undefined for leaves
 */
export function renderValue(
  value: unknown,
  selection: Selection | undefined,
  variables: VariableValues,
): Rendered {
  if (value instanceof Promise) {
    return value.then((settled: unknown) => renderValue(settled, selection, variables));
  }
  if (typeof value !== 'object' || value === null || !selection) return JSON.stringify(value);
  if (Array.isArray(value)) {
    return concat(
      '[',
      value.map((item: unknown) => attempt(() => renderValue(item, selection, variables))),
      ']',
    );
  }
  if (isEntryConnection(value)) {
    const rendered = renderConnection(value, selection, variables);
    if (rendered !== undefined) return rendered;
  }
  return renderObject(selection, (field) => {
    const { name, definition, node, children, isLeaf } = field;
    const property: unknown = Reflect.get(value, name);
    const result: unknown =
      typeof property === 'function'
        ? property.call(value, argumentsOf(definition!, node, variables), shownOf(field))
        : property;
    return renderValue(result, isLeaf ? undefined : children, variables);
  });
}

function argumentsOf(
  definition: GraphQLField<unknown, unknown>,
  node: FieldNode,
  variables: VariableValues,
): Readonly<Record<string, unknown>> {
  return definition.args.length === 0 ? {} : getArgumentValues(definition, node, variables);
}

/** The names of the fields that are shown of each entry of a list, as `shownFields` and `shownNodeFields` have them. */
function shownOf({ name, children }: SelectedField): readonly string[] {
  const selections = name === 'edges' ? children.filter(isNode) : [{ children }];
  return selections.flatMap((selection) => selection.children.map((child) => child.name));
}

function renderObject(selection: Selection, render: (field: SelectedField) => Rendered): Rendered {
  const fields = selection.map((field) =>
    attempt(() =>
      prefix(
        `"${field.key}":`,
        field.definition ? render(field) : JSON.stringify(field.parentType),
      ),
    ),
  );
  return concat('{', fields, '}');
}

/**
 * A failure at once becomes one like those that come later: otherwise nobody would wait for what has been begun before, and
 * its failure would end the process (https://nodejs.org/api/process.html#event-unhandledrejection).
 */
function attempt(render: () => Rendered): Rendered {
  try {
    return render();
  } catch (error) {
    return Promise.reject(error);
  }
}

function prefix(text: string, rendered: Rendered): Rendered {
  if (typeof rendered === 'string') return text + rendered;
  return rendered instanceof Promise
    ? rendered.then((settled) => prefix(text, settled))
    : [text, ...rendered];
}

/** Puts parts with commas between them, and joins neighbours that are strings. */
function concat(start: string, parts: readonly Rendered[], end: string): Rendered {
  if (parts.every((part) => typeof part === 'string')) return `${start}${parts.join(',')}${end}`;
  if (parts.some((part) => part instanceof Promise)) {
    return Promise.all(parts.map(async (part) => part)).then((settled) =>
      concat(start, settled, end),
    );
  }
  const joined: (string | Buffer)[] = [];
  let text = start;
  (parts as readonly (string | JsonParts)[]).forEach((part, at) => {
    if (at > 0) text += ',';
    for (const piece of typeof part === 'string' ? [part] : part) {
      if (typeof piece === 'string') {
        text += piece;
      } else {
        joined.push(text, piece);
        text = '';
      }
    }
  });
  joined.push(text + end);
  return joined;
}

function isEntryConnection(value: object): value is EntryConnection {
  return typeof (value as Partial<EntryConnection>).render === 'function';
}

/**
 * A page whose entries the database has rendered. Undefined when it would have to do so in two ways: for different fields
 * of `nodes` and of `edges { node }`.
 */
function renderConnection(
  connection: EntryConnection,
  selection: Selection,
  variables: VariableValues,
): Rendered | undefined {
  const selections = selection.flatMap(({ name, children }) => {
    if (name === 'nodes') return [children];
    return name === 'edges' ? children.filter(isNode).map((node) => node.children) : [];
  });
  const [columns = [], ...others] = selections.map(toColumns);
  if (others.some((other) => JSON.stringify(other) !== JSON.stringify(columns))) return undefined;
  const isPageWanted = selection.some(({ name }) => ['nodes', 'edges', 'pageInfo'].includes(name));
  const rendering = isPageWanted ? connection.render(columns) : undefined;

  return renderObject(selection, async (field) => {
    const { name, children, definition, node } = field;
    if (name === 'totalCount') {
      const args = argumentsOf(definition!, node, variables) as { upTo: number };
      return renderValue(await connection.totalCount(args), children, variables);
    }
    const { objects, items, pageInfo } = (await rendering)!;
    if (name === 'nodes') return ['[', ...objects(), ']'];
    if (name === 'pageInfo') return renderValue(pageInfo, children, variables);
    const edges = items().map(({ cursor, object }) =>
      renderObject(children, (part) => (isNode(part) ? object : `"${cursor}"`)),
    );
    return concat('[', edges, ']');
  });
}

function isNode({ name }: SelectedField): boolean {
  return name === 'node';
}

const knownColumns = new WeakMap<Selection, readonly EntryColumn[]>();

/**
 * What the database is to render of each entry: no field twice, since aliases of large properties could make more of an
 * answer than fits into a string.
 */
export function toColumns(selection: Selection): readonly EntryColumn[] {
  const known = knownColumns.get(selection);
  if (known) return known;
  const columns = selection.map(({ key, name, parentType }): EntryColumn => {
    if (name === '__typename') return { key, constant: parentType };
    if (
      !isEntryField(name) ||
      selection.some((other) => other.name === name && other.key !== key)
    ) {
      throw new Unsupported();
    }
    return { key, field: name };
  });
  knownColumns.set(selection, columns);
  return columns;
}

function isEntryField(name: string): name is EntryField {
  return (entryFields as readonly string[]).includes(name);
}
