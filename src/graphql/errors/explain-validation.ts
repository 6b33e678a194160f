import {
  BREAK,
  DirectiveLocation,
  getNullableType,
  GraphQLError,
  isInputObjectType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type ArgumentNode,
  type ASTNode,
  type DocumentNode,
  type GraphQLDirective,
  type GraphQLInputObjectType,
  type GraphQLSchema,
  type ValueNode,
} from 'graphql';
import { InvalidInputError } from '../../logs/model/errors';
import { shorten } from '../../logs/model/shorten';
import { explainValue } from './explain-value';

/** Checks the literal of an argument as a variable of its type is checked. It throws. */
export type CheckLiteral = (type: GraphQLInputObjectType, literal: ValueNode) => void;

/**
 * Explains the errors of graphql-js about a document: an input object in a literal gets the violations that it gets in a
 * variable, and other errors say what the schema has instead. Places are known by their nodes, not by messages.
 * @param errors of `validate`
 * @returns the errors to send
 */
export function explainErrors(
  errors: readonly GraphQLError[],
  document: DocumentNode,
  schema: GraphQLSchema,
  checkLiteral: CheckLiteral,
): GraphQLError[] {
  const wanted = new Map<ASTNode, GraphQLError>();
  for (const error of errors) for (const node of error.nodes ?? []) wanted.set(node, error);
  /** What is said instead of an error, or after its message, by its first node that has something. */
  const better = new Map<ASTNode, GraphQLError>();
  const hints = new Map<ASTNode, string>();

  const typeInfo = new TypeInfo(schema);
  let argument:
    { readonly node: ArgumentNode; readonly violations: InvalidInputError | undefined } | undefined;
  let ofArgument: GraphQLError | undefined;
  const explain = (node: ASTNode, path: readonly (string | number)[]): void => {
    const error = wanted.get(node);
    if (!error) return;
    // Names are repeated, and enum values are text in JSON: the violations do not tell.
    const isTold = argument?.violations && node.kind !== Kind.NAME && node.kind !== Kind.ENUM;
    if (isTold) return void better.set(node, (ofArgument ??= toError(argument!.violations!, error)));
    const message = explainValue(node, typeInfo);
    if (message !== undefined) {
      const text = `${pathOf(document, path)} ${message}`;
      better.set(node, new GraphQLError(text, { nodes: error.nodes ?? null }));
    }
    const hint = adviseOn(node, typeInfo, schema);
    if (hint !== undefined) hints.set(node, hint);
  };
  const visitor = visitWithTypeInfo(typeInfo, {
    enter(node, _key, _parent, path) {
      if (node.kind === Kind.ARGUMENT) {
        argument = { node, violations: findViolations(node, typeInfo, checkLiteral) };
        ofArgument = undefined;
      }
      explain(node, path);
    },
    leave(node) {
      if (node === argument?.node) argument = undefined;
    },
  });
  visit(document, visitor);

  const explained = errors.map((error) => {
    const nodes = error.nodes ?? [];
    const found = nodes.find((node) => better.has(node));
    if (found) return better.get(found)!;
    const hint = nodes.map((node) => hints.get(node)).find((text) => text !== undefined);
    return hint === undefined ? error : new GraphQLError(`${error.message} ${hint}`, { nodes });
  });
  return [...new Set(explained)];
}

/** The violations of an argument that is an input object without variables. */
function findViolations(
  node: ArgumentNode,
  typeInfo: TypeInfo,
  checkLiteral: CheckLiteral,
): InvalidInputError | undefined {
  const type = getNullableType(typeInfo.getInputType());
  if (!isInputObjectType(type) || hasVariable(node)) return undefined;
  try {
    checkLiteral(type, node.value);
  } catch (error) {
    return error instanceof InvalidInputError ? error : undefined;
  }
  return undefined;
}

function toError({ message, details }: InvalidInputError, { nodes }: GraphQLError): GraphQLError {
  return new GraphQLError(message, { nodes: nodes ?? null, extensions: { ...details } });
}

function hasVariable(node: ASTNode): boolean {
  let found = false;
  const enter = (): typeof BREAK => {
    found = true;
    return BREAK;
  };
  visit(node, { Variable: { enter } });
  return found;
}

/** What the schema has in place of a node that it does not know. */
function adviseOn(node: ASTNode, typeInfo: TypeInfo, schema: GraphQLSchema): string | undefined {
  const namesOf = (named: readonly { readonly name: string }[]): string =>
    named.length === 0 ? 'none' : named.map(({ name }) => name).join(', ');
  switch (node.kind) {
    case Kind.FIELD: {
      const parent = typeInfo.getParentType();
      if (typeInfo.getFieldDef() || !parent || !('getFields' in parent)) return undefined;
      return `Fields of ${parent.name}: ${namesOf(Object.values(parent.getFields()))}.`;
    }
    case Kind.ARGUMENT: {
      const owner = typeInfo.getDirective() ?? typeInfo.getFieldDef();
      if (typeInfo.getArgument() || !owner) return undefined;
      return `Arguments of ${owner.name}: ${namesOf(owner.args)}.`;
    }
    case Kind.DIRECTIVE:
      if (schema.getDirective(node.name.value)) return undefined;
      return `Directives: ${namesOf(schema.getDirectives().filter(isForFields))}.`;
    case Kind.VARIABLE: {
      const type = typeInfo.getInputType();
      return type ? `Declare $${shorten(node.name.value)}: ${type.toString()}.` : undefined;
    }
    default:
      return undefined;
  }
}

function isForFields({ locations }: GraphQLDirective): boolean {
  return locations.includes(DirectiveLocation.FIELD);
}

/** The place of a value, such as `filter.properties[0].is`. */
function pathOf(document: DocumentNode, path: readonly (string | number)[]): string {
  let text = '';
  let node: unknown = document;
  let isList = false;
  for (const key of path) {
    if (typeof key === 'number' && isList) text += `[${key}]`;
    isList = key === 'values';
    node = (node as Record<string | number, unknown>)[key];
    const { kind, name, variable } = node as {
      kind?: Kind;
      name?: { value: string };
      variable?: typeof node;
    };
    if (kind === Kind.ARGUMENT) text = shorten(name!.value);
    else if (kind === Kind.OBJECT_FIELD) text += `.${shorten(name!.value)}`;
    else if (kind === Kind.VARIABLE_DEFINITION) {
      text = shorten((variable as { name: { value: string } }).name.value);
    }
  }
  return text;
}
