import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isRequiredInputField,
  Kind,
  print,
  type ASTNode,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLNamedInputType,
  type ObjectValueNode,
  type TypeInfo,
  type ValueNode,
} from 'graphql';
import { shorten } from '../../logs/model/shorten';
import { describeType } from './describe-type';

/** What a value, or a field of an input object, must be; undefined for other nodes. */
export function explainValue(node: ASTNode, typeInfo: TypeInfo): string | undefined {
  switch (node.kind) {
    case Kind.INT:
    case Kind.FLOAT:
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
    case Kind.NULL: {
      const type = typeInfo.getInputType();
      return type ? mustBe(type, node) : undefined;
    }
    case Kind.LIST: {
      const type = typeInfo.getParentInputType();
      return type && !isListType(getNullableType(type)) ? mustBe(type, node) : undefined;
    }
    case Kind.OBJECT: {
      const type = typeInfo.getInputType();
      if (!type) return undefined;
      const named = getNamedType(type);
      return isInputObjectType(named) ? explainFields(named, node) : mustBe(type, node);
    }
    case Kind.OBJECT_FIELD: {
      const parent = typeInfo.getParentInputType();
      const named = parent ? getNamedType(parent) : undefined;
      if (typeInfo.getInputType() || !isInputObjectType(named)) return undefined;
      return `is not a known field: use ${Object.keys(named.getFields()).join(', ')}`;
    }
    default:
      return undefined;
  }
}

/** What fields an input object must have. */
function explainFields(type: GraphQLInputObjectType, { fields }: ObjectValueNode): string | undefined {
  const given = fields.map(({ name }) => name.value);
  const known = Object.values(type.getFields());
  if (!type.isOneOf) {
    const missing = known.filter((field) => isRequiredInputField(field) && !given.includes(field.name));
    return missing.length === 0 ? undefined : `must have ${missing.map(({ name }) => name).join(' and ')}`;
  }
  if (given.length === 1) return `must have a value for ${shorten(given[0]!)}, not null`;
  const exactlyOne = `exactly one of ${known.map(({ name }) => name).join(', ')}`;
  return `must have ${exactlyOne}, ${given.length === 0 ? 'and has none' : `not ${shorten(given.join(' and '))}`}`;
}

function mustBe(type: GraphQLInputType, node: ValueNode): string {
  return `must be ${describeType(type)}, not ${shorten(print(node))}${adviseOnQuotes(getNamedType(type), node)}`;
}

const textTypes: ReadonlySet<string> = new Set(['DateTime', 'ID', 'JSON', 'String']);

function adviseOnQuotes(type: GraphQLNamedInputType, node: ValueNode): string {
  if (isEnumType(type) && node.kind === Kind.STRING) return ': write it without quotes';
  return node.kind === Kind.ENUM && textTypes.has(type.name) ? ': put text into quotes' : '';
}
