import {
  getNamedType,
  getNullableType,
  isIntrospectionType,
  isListType,
  isObjectType,
  Kind,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type GraphQLArgument,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { getFieldDef } from 'graphql/execution/execute';
import { fieldCosts, fieldsPerObject, introspectionCost, unlistedCost, type PageSize } from './field-costs';

/** The cost of the queries and lists that are selected of one object, and the number of its plain fields. */
interface SelectionCost {
  readonly cost: number;
  readonly fields: number;
}

const noCost: SelectionCost = { cost: 0, fields: 0 };

/**
 * The cost of an operation of a valid document: about the number of objects it reads. Skipped fields count.
 * @param variables as they were sent; undefined: the most expensive ones
 */
export function costOf(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  schema: GraphQLSchema,
  variables: Readonly<Record<string, unknown>> | undefined,
): number {
  const fragments = new Map<string, SelectionSetNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node.selectionSet);
  }
  const defaults = operation.variableDefinitions?.map(
    ({ variable, defaultValue }) =>
      [variable.name.value, defaultValue && valueFromASTUntyped(defaultValue)] as const,
  );
  const values = variables && { ...Object.fromEntries(defaults ?? []), ...variables };
  /** By name and page size: nested spreads of a fragment do not multiply the visits. */
  const fragmentCosts = new Map<string, SelectionCost>();
  const root = schema.getRootType(operation.operation)!;
  return costOfSelections(operation.selectionSet, root, 1).cost;

  function costOfSelections(set: SelectionSetNode, type: GraphQLObjectType, pageSize: number): SelectionCost {
    const costs = set.selections.map((selection) => costOfSelection(selection, type, pageSize));
    const sum = (key: keyof SelectionCost): number => costs.reduce((total, each) => total + each[key], 0);
    return { cost: sum('cost'), fields: sum('fields') };
  }

  function costOfSelection(node: SelectionNode, type: GraphQLObjectType, pageSize: number): SelectionCost {
    if (node.kind === Kind.FIELD) return costOfField(node, type, pageSize);
    if (node.kind === Kind.INLINE_FRAGMENT) return costOfSelections(node.selectionSet, type, pageSize);
    const key = `${node.name.value} ${pageSize}`;
    const cost = fragmentCosts.get(key) ?? costOfSelections(fragments.get(node.name.value)!, type, pageSize);
    fragmentCosts.set(key, cost);
    return cost;
  }

  function costOfField(node: FieldNode, parent: GraphQLObjectType, pageSize: number): SelectionCost {
    const name = node.name.value;
    const field = getFieldDef(schema, parent, node)!;
    const type = getNamedType(field.type);
    const isRoot = parent === root && !name.startsWith('__');
    const mustBeListed = isRoot || (isObjectType(type) && isListType(getNullableType(field.type)));
    const isIntrospection = isIntrospectionType(parent) || isIntrospectionType(type);
    const otherwise = isIntrospection ? introspectionCost(name) : mustBeListed ? unlistedCost : undefined;
    const own = fieldCosts[`${parent.name}.${name}`] ?? otherwise;
    const size = own?.pageSize ? pageSizeOf(node, field.args, own.pageSize) : pageSize;
    const below = isObjectType(type) ? costOfSelections(node.selectionSet!, type, size) : noCost;
    if (!own) return { cost: below.cost, fields: 1 + below.fields };
    const item = below.cost + Math.max(1, below.fields / fieldsPerObject);
    return { cost: own.cost(below.cost, item, size), fields: 1 };
  }

  /** The value of the argument; `max` when it is unknown or will be refused. */
  function pageSizeOf(
    node: FieldNode,
    args: readonly GraphQLArgument[],
    { argument, max }: PageSize,
  ): number {
    const literal = node.arguments?.find(({ name }) => name.value === argument)?.value;
    const sent = literal && valueFromASTUntyped(literal, values);
    const isUnknown = literal?.kind === Kind.VARIABLE && !values;
    const value = isUnknown ? max : (sent ?? args.find(({ name }) => name === argument)?.defaultValue);
    return typeof value === 'number' && value >= 0 && value <= max ? value : max;
  }
}
