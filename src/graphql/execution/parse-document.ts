import {
  GraphQLError,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { findExcess, maxTokens } from '../limits/document-limits';
import { NoEntriesBesideIntrospectionRule } from './introspection';

/** The rules for documents besides those of GraphQL. */
export const validationRules = [NoEntriesBesideIntrospectionRule];

/**
 * Parses and validates a document as Apollo Server does, whose errors have the same codes.
 * @param explain replaces the errors of validation
 */
export function parseDocument(
  text: string,
  schema: GraphQLSchema,
  explain: (errors: readonly GraphQLError[], document: DocumentNode) => readonly GraphQLError[],
): DocumentNode | readonly GraphQLError[] {
  const excess = findExcess(text);
  if (excess !== undefined) return [new GraphQLError(excess, { extensions: notValid })];
  let document: DocumentNode;
  try {
    document = parse(text, { maxLexicalTokens: maxTokens });
  } catch (thrown) {
    const error = thrown as GraphQLError;
    const { source, positions } = error;
    const extensions = { code: 'GRAPHQL_PARSE_FAILED' };
    return [new GraphQLError(error.message, { source, positions, extensions, originalError: error })];
  }
  const errors = validate(schema, document, [...specifiedRules, ...validationRules]);
  if (errors.length === 0) return document;
  return explain(errors, document).map((error) => {
    const { message, nodes, extensions, originalError = error } = error;
    return new GraphQLError(message, {
      nodes: nodes ?? null,
      extensions: { ...notValid, ...extensions },
      originalError,
    });
  });
}

const notValid = { code: 'GRAPHQL_VALIDATION_FAILED' };
