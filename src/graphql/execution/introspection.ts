import {
  getNamedType,
  getNullableType,
  GraphQLError,
  isListType,
  visit,
  type ASTVisitor,
  type DocumentNode,
  type FieldNode,
  type ValidationContext,
} from 'graphql';
import { jsonTypes } from './execution-schema';
import { valueOfLiteral } from './json-literal';

/** Whether a field of this name gives the schema or a type of it. */
export function isIntrospection(name: string): boolean {
  return name === '__schema' || name === '__type';
}

/** A validation rule: introspection is executed over the public schema, lists of entries and counts are not. */
export function NoEntriesBesideIntrospectionRule(context: ValidationContext): ASTVisitor {
  let introspection: FieldNode | undefined;
  let list: FieldNode | undefined;
  return {
    Field(node) {
      const type = context.getType();
      if (isIntrospection(node.name.value)) introspection ??= node;
      else if (isListType(getNullableType(type)) && jsonTypes.has(getNamedType(type)!.name)) {
        list ??= node;
      }
    },
    Document: {
      leave() {
        if (!introspection || !list) return;
        const message =
          'A document may ask for __schema and __type or for lists of entries or counts, not for both: send two requests.';
        context.reportError(new GraphQLError(message, { nodes: [introspection, list] }));
      },
    },
  };
}

/**
 * Writes each literal that is too close to 0 for a double as one that is too large. The Float of the public schema
 * takes the former for 0; the rules refuse the latter with the same message.
 */
export function replaceUnderflows(document: DocumentNode): DocumentNode {
  return visit(document, {
    FloatValue: (node) => (Number.isNaN(valueOfLiteral(node)) ? { ...node, value: '1e999' } : undefined),
  });
}
