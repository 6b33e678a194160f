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
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import {
  costTable,
  freeFields,
  introspectionFieldCost,
  maxUpTo,
  unknownItems,
  type FieldCost,
} from './field-costs';
import type { Fragments } from './fragments';
import { introspectionSizeOf } from './introspection-size';

/** What a selection set costs for each object that it is selected from. */
interface SelectionCost {
  readonly fixed: number;
  /** More for each item that the argument of the statement around it grants. */
  readonly perItem: number;
  /** How many fields it makes of one object. */
  readonly fields: number;
}

/**
 * What an operation of a valid document costs: roughly, how many objects it reads. Fields count wherever a fragment
 * brings them, whatever `@skip` and `@include` say.
 * @param variables as they were sent; undefined: the most that it costs with any
 */
export function costOf(
  operation: OperationDefinitionNode,
  fragments: Fragments,
  schema: GraphQLSchema,
  variables: Readonly<Record<string, unknown>> | undefined,
): number {
  const sizes = introspectionSizeOf(schema);
  // A fragment that is spread many times is added up once, so that fragments which multiply cost no time here.
  const known = { mean: new Map<object, SelectionCost>(), most: new Map<object, SelectionCost>() };
  /** Whether introspection is at one of all types (of which the mean counts), or at any. */
  type Among = keyof typeof known;
  const root = schema.getRootType(operation.operation);
  return root ? costOfSelections(operation.selectionSet, root, 'most').fixed : 0;

  function costOfSelections(
    node: SelectionSetNode | undefined,
    type: GraphQLObjectType,
    among: Among,
  ): SelectionCost {
    const found = node && known[among].get(node);
    if (found || !node) return found ?? { fixed: 0, perItem: 0, fields: 0 };
    let [fixed, perItem, fields] = [0, 0, 0];
    for (const selection of node.selections) {
      const more =
        selection.kind === Kind.FIELD
          ? costOfField(selection, type, among)
          : costOfSelections(
              selection.kind === Kind.INLINE_FRAGMENT
                ? selection.selectionSet
                : fragments.get(selection.name.value)?.selectionSet,
              type,
              among,
            );
      fixed += more.fixed;
      perItem += more.perItem;
      fields += more.fields;
    }
    const cost = { fixed, perItem, fields };
    known[among].set(node, cost);
    return cost;
  }

  function costOfField(node: FieldNode, parent: GraphQLObjectType, among: Among): SelectionCost {
    const name = node.name.value;
    const field = fieldOf(parent, name);
    const type = getNamedType(field?.type);
    if (!field || !isObjectType(type)) return leafOf(parent);
    const isList = isListType(getNullableType(field.type));
    if (isIntrospectionType(type)) {
      const items = isList ? (sizes[among][name] ?? unknownItems) : 1;
      const below = costOfSelections(
        node.selectionSet,
        type,
        isList ? amongOf(name, among) : 'most',
      );
      return { fixed: introspectionFieldCost + items * below.fixed, perItem: 0, fields: 1 };
    }
    const below = costOfSelections(node.selectionSet, type, 'most');
    const cost = costTable[`${parent.name}.${name}`] ?? (isList ? unknownList : undefined);
    if (!cost) return { ...below, fields: 1 + below.fields };
    const perObject = below.fixed + Math.max(0, below.fields / freeFields - 1);
    switch (cost.kind) {
      case 'statement': {
        const { argument, includes } = cost;
        const granted = argument ? integerOf(node, field, argument.name, argument.most) : 0;
        const beyond = (items: number): number => Math.max(0, items - includes);
        const fixed = cost.cost + beyond(perObject) + granted * beyond(below.perItem);
        return { fixed, perItem: 0, fields: 1 };
      }
      case 'list': {
        const { items } = cost;
        return { fixed: items * (1 + perObject), perItem: items * below.perItem, fields: 1 };
      }
      case 'granted':
        return { fixed: 0, perItem: 1 + perObject, fields: 1 };
      case 'count': {
        const upTo = integerOf(node, field, 'upTo', maxUpTo);
        return { fixed: cost.cost + upTo, perItem: 0, fields: 1 };
      }
    }
  }

  function fieldOf(
    parent: GraphQLObjectType,
    name: string,
  ): GraphQLField<unknown, unknown> | undefined {
    if (parent === root && name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (parent === root && name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
    return parent.getFields()[name];
  }

  /** The value of an argument; the most that it can be when it is not known, or none that will be accepted. */
  function integerOf(
    node: FieldNode,
    field: GraphQLField<unknown, unknown>,
    name: string,
    most: number,
  ): number {
    const literal = node.arguments?.find((argument) => argument.name.value === name)?.value;
    let value: unknown;
    if (!literal) {
      value = field.args.find((argument) => argument.name === name)?.defaultValue;
    } else if (literal.kind !== Kind.VARIABLE) {
      value = valueFromASTUntyped(literal);
    } else if (variables) {
      value = variableOf(literal.name.value);
    }
    return typeof value === 'number' && value >= 0 && value <= most ? value : most;
  }

  function variableOf(name: string): unknown {
    if (variables && Object.hasOwn(variables, name)) return variables[name];
    const definition = operation.variableDefinitions?.find(
      ({ variable }) => variable.name.value === name,
    );
    return definition?.defaultValue && valueFromASTUntyped(definition.defaultValue);
  }
}

const unknownList: FieldCost = { kind: 'list', items: 10_000 };

function leafOf(parent: GraphQLObjectType): SelectionCost {
  const fixed = isIntrospectionType(parent) ? introspectionFieldCost : 0;
  return { fixed, perItem: 0, fields: 1 };
}

/** All fields of all types are among all again, and so are their arguments. */
function amongOf(name: string, among: 'mean' | 'most'): 'mean' | 'most' {
  if (name === 'types') return 'mean';
  return name === 'fields' ? among : 'most';
}
