import { Kind, type FieldNode, type GraphQLResolveInfo, type SelectionSetNode } from 'graphql';
import type { VariableValues } from '../fast/selection';

type Info = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'variableValues'>;

/** The names of the fields that are shown of each object of a field: as often as each has a name in the answer. */
export function shownFields(info: Info): readonly string[] {
  return Array.from(fieldsBelow(info).values(), ([first]) => first!.name.value);
}

/** The same for the nodes of edges. */
export function shownNodeFields(info: Info): readonly string[] {
  return Array.from(fieldsBelow(info).values())
    .filter(([first]) => first!.name.value === 'node')
    .flatMap((fieldNodes) => shownFields({ ...info, fieldNodes }));
}

/** By the name in the answer; https://spec.graphql.org/October2021/#CollectFields(), each fragment once. */
function fieldsBelow({ fieldNodes, fragments, variableValues }: Info) {
  const found = new Map<string, FieldNode[]>();
  const visited = new Set<string>();

  function collect(set: SelectionSetNode | undefined): void {
    for (const selection of set?.selections ?? []) {
      if (!isIncluded(selection, variableValues)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        const same = found.get(key);
        if (same) same.push(selection);
        else found.set(key, [selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        collect(selection.selectionSet);
      } else if (!visited.has(selection.name.value)) {
        visited.add(selection.name.value);
        collect(fragments[selection.name.value]?.selectionSet);
      }
    }
  }

  for (const { selectionSet } of fieldNodes) collect(selectionSet);
  return found;
}

/** What graphql-js will refuse anyway counts as there. */
function isIncluded(
  { directives = [] }: SelectionSetNode['selections'][number],
  variables: VariableValues,
): boolean {
  return directives.every(({ name, arguments: args }) => {
    const value = args?.[0]?.value;
    const isMet =
      value?.kind === Kind.VARIABLE
        ? variables[value.name.value]
        : value?.kind === Kind.BOOLEAN && value.value;
    if (name.value === 'skip') return isMet !== true;
    return name.value !== 'include' || isMet !== false;
  });
}
