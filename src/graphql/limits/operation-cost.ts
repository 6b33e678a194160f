import {
  getNamedType,
  getNullableType,
  isIntrospectionType,
  isListType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type InlineFragmentNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import {
  fieldCosts,
  fieldsPerObject,
  introspectionFieldCost,
  introspectionItems,
  maxUpTo,
  type FieldCost,
} from './field-costs';

/**
 * The cost of a selection set for one object: of its queries and lists, and the number of its plain fields.
 */
interface SelectionCost {
  cost: number;
  fields: number;
}

const unknownList: FieldCost = { kind: 'list', items: 10_000 };

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
  const fragments = fragmentsOf(document);
  const root = schema.getRootType(operation.operation);
  /** By page size. Each fragment is visited once for each, so fragments that multiply cost no time. */
  const visited = new Map<number, Map<SelectionSetNode, SelectionCost>>();
  return root ? costOfSelections(operation.selectionSet, root, 1).cost : 0;

  function costOfSelections(
    node: SelectionSetNode | undefined,
    type: GraphQLObjectType,
    pageSize: number,
  ): SelectionCost {
    const total = { cost: 0, fields: 0 };
    if (!node) return total;
    const known = visited.get(pageSize) ?? new Map<SelectionSetNode, SelectionCost>();
    visited.set(pageSize, known);
    const found = known.get(node);
    if (found) return found;
    known.set(node, total);
    for (const selection of node.selections) {
      const { cost, fields } =
        selection.kind === Kind.FIELD
          ? costOfField(selection, type, pageSize)
          : costOfSelections(selectionsOf(selection), type, pageSize);
      total.cost += cost;
      total.fields += fields;
    }
    return total;
  }

  function selectionsOf(node: FragmentSpreadNode | InlineFragmentNode): SelectionSetNode | undefined {
    if (node.kind === Kind.INLINE_FRAGMENT) return node.selectionSet;
    return fragments.get(node.name.value)?.selectionSet;
  }

  function costOfField(node: FieldNode, parent: GraphQLObjectType, pageSize: number): SelectionCost {
    const name = node.name.value;
    const field = fieldOf(parent, name);
    const type = getNamedType(field?.type);
    if (!field || !isObjectType(type)) {
      return { cost: isIntrospectionType(parent) ? introspectionFieldCost : 0, fields: 1 };
    }
    const isList = isListType(getNullableType(field.type));
    if (isIntrospectionType(type)) {
      const items = isList ? (introspectionItems[name] ?? 1) : 1;
      const below = costOfSelections(node.selectionSet, type, pageSize);
      return { cost: introspectionFieldCost + items * below.cost, fields: 1 };
    }
    const own = fieldCosts[`${parent.name}.${name}`] ?? (isList ? unknownList : undefined);
    const size = own && 'pageSize' in own ? own.pageSize : undefined;
    const belowSize = size ? integerOf(node, field, size.argument, size.max) : pageSize;
    const below = costOfSelections(node.selectionSet, type, belowSize);
    if (!own) return { cost: below.cost, fields: 1 + below.fields };
    const item = below.cost + Math.max(1, below.fields / fieldsPerObject);
    switch (own.kind) {
      case 'query':
        return { cost: own.cost + below.cost, fields: 1 };
      case 'scan':
        return { cost: Math.max(own.cost, below.cost), fields: 1 };
      case 'list':
        return { cost: own.items * item, fields: 1 };
      case 'page':
        return { cost: pageSize * own.weight * item, fields: 1 };
      case 'count':
        return { cost: own.cost + integerOf(node, field, 'upTo', maxUpTo), fields: 1 };
    }
  }

  function fieldOf(parent: GraphQLObjectType, name: string): GraphQLField<unknown, unknown> | undefined {
    if (parent === root && name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (parent === root && name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
    return parent.getFields()[name];
  }

  /** The value of an argument; `max` when it is unknown or will be refused. */
  function integerOf(
    node: FieldNode,
    field: GraphQLField<unknown, unknown>,
    name: string,
    max: number,
  ): number {
    const literal = node.arguments?.find((argument) => argument.name.value === name)?.value;
    let value = literal
      ? valueFromASTUntyped(literal, variables)
      : field.args.find((argument) => argument.name === name)?.defaultValue;
    if (literal?.kind === Kind.VARIABLE && !(variables && Object.hasOwn(variables, literal.name.value))) {
      const definition = operation.variableDefinitions?.find(
        ({ variable }) => variable.name.value === literal.name.value,
      );
      value = variables && definition?.defaultValue && valueFromASTUntyped(definition.defaultValue);
    }
    return typeof value === 'number' && value >= 0 && value <= max ? value : max;
  }
}

function fragmentsOf({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}
