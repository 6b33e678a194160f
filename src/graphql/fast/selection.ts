import {
  getNamedType,
  isObjectType,
  Kind,
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type NamedTypeNode,
  type SelectionNode,
} from 'graphql';
import { Unsupported } from './unsupported';

/** The variables of a request, coerced. */
export type VariableValues = Readonly<Record<string, unknown>>;

interface Field {
  /** The alias, or else the name. */
  readonly key: string;
  readonly name: string;
  /** The name of the type that has the field. */
  readonly parentType: string;
  /** What was written down of it, as far as it is needed to find its arguments. */
  readonly node: FieldNode;
  /** Undefined for `__typename`. */
  readonly definition: GraphQLField<unknown, unknown> | undefined;
  /** Whether it has no fields of its own; one whose fields are all skipped has none left, and is an object still. */
  readonly isLeaf: boolean;
}

/** A field of an answer. */
export interface SelectedField extends Field {
  readonly children: Selection;
}
export type Selection = readonly SelectedField[];

/** A field of a document, with the conditions on it and on the fragments around it. */
export interface ConditionalField extends Field {
  readonly conditions: readonly Condition[];
  readonly children: readonly ConditionalField[];
}

/** The variable must have this value for the field to be there. */
interface Condition {
  readonly variable: string;
  readonly expected: boolean;
}

/**
 * Fragments that spread each other multiply, so that a small document may hold any number of fields. This many fit into
 * the 1,000 arguments of an SQL function.
 */
const maxFields = 100;

/**
 * Reads a selection set of a valid document, its fragments unfolded.
 * @param root the type that it is on
 * @throws {Unsupported}
 */
export function readSelections(
  selections: readonly SelectionNode[],
  root: GraphQLObjectType,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): readonly ConditionalField[] {
  let count = 0;

  function read(
    nodes: readonly SelectionNode[],
    type: GraphQLObjectType,
    outer: readonly Condition[],
  ): readonly ConditionalField[] {
    return nodes.flatMap((node) => {
      if (++count > maxFields) throw new Unsupported();
      const found = conditionsOf(node.directives ?? []);
      if (!found) return [];
      const conditions = [...outer, ...found];
      if (node.kind === Kind.INLINE_FRAGMENT) {
        requireSameType(node.typeCondition, type);
        return read(node.selectionSet.selections, type, conditions);
      }
      if (node.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(node.name.value)!;
        requireSameType(fragment.typeCondition, type);
        if (fragment.directives?.length) throw new Unsupported();
        return read(fragment.selectionSet.selections, type, conditions);
      }
      const name = node.name.value;
      const definition = type.getFields()[name];
      const fieldType = getNamedType(definition?.type);
      const children = node.selectionSet?.selections ?? [];
      if (children.length > 0 && !isObjectType(fieldType)) throw new Unsupported();
      return {
        key: (node.alias ?? node.name).value,
        name,
        parentType: type.name,
        definition,
        isLeaf: children.length === 0,
        node: { kind: node.kind, name: node.name, arguments: node.arguments ?? [] },
        children: read(children, fieldType as GraphQLObjectType, []),
        conditions,
      };
    });
  }

  return read(selections, root, []);
}

/** There are no interfaces and unions in the schema, so that a fragment on another type is none we know of. */
function requireSameType(condition: NamedTypeNode | undefined, type: GraphQLObjectType): void {
  if (condition && condition.name.value !== type.name) throw new Unsupported();
}

/** @returns undefined when what bears the directives is never there */
function conditionsOf(directives: readonly DirectiveNode[]): Condition[] | undefined {
  const conditions: Condition[] = [];
  for (const { name, arguments: args } of directives) {
    const value = args?.[0]?.value;
    const expected = name.value === 'include';
    if (!expected && name.value !== 'skip') throw new Unsupported();
    if (value?.kind === Kind.VARIABLE) {
      conditions.push({ variable: value.name.value, expected });
    } else if (value?.kind !== Kind.BOOLEAN || directives.length > 1) {
      throw new Unsupported();
    } else if (value.value !== expected) {
      return undefined;
    }
  }
  return conditions;
}

/** What does not depend on variables is selected once, so that whatever is made of it can be kept too. */
const constants = new WeakMap<readonly ConditionalField[], Selection>();

/**
 * The fields that these variables leave: one for each key, in the order of
 * https://spec.graphql.org/October2021/#CollectFields().
 * @throws {Unsupported}
 */
export function select(fields: readonly ConditionalField[], variables: VariableValues): Selection {
  const known = constants.get(fields);
  if (known) return known;
  const merged = new Map<string, ConditionalField>();
  for (const field of fields) {
    if (!areMet(field.conditions, variables)) continue;
    const first = merged.get(field.key);
    const children = first ? [...first.children, ...field.children] : field.children;
    merged.set(field.key, { ...field, children });
  }
  const selection = Array.from(merged.values(), (field) => ({
    ...field,
    children: select(field.children, variables),
  }));
  if (fields.every(isConstant)) constants.set(fields, selection);
  return selection;
}

function isConstant({ conditions, children }: ConditionalField): boolean {
  return conditions.length === 0 && children.every(isConstant);
}

function areMet(conditions: readonly Condition[], variables: VariableValues): boolean {
  let met = true;
  for (const { variable, expected } of conditions) {
    const value = variables[variable];
    // null, for which graphql-js has an error, even beside a condition that is not met.
    if (typeof value !== 'boolean') throw new Unsupported();
    met &&= value === expected;
  }
  return met;
}
