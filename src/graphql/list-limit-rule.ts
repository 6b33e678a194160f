import {
  getNamedType,
  getNullableType,
  GraphQLError,
  isIntrospectionType,
  isListType,
  isObjectType,
  type ValidationRule,
} from 'graphql';

/** Each may hold megabytes, and an alias costs a client a few bytes. */
const maxLists = 10;

/**
 * Lets a document ask for ten lists of objects at most. Fields are counted as they are written: a fragment that is
 * spread twice gives the same response fields, so it counts once.
 */
export const listLimitRule: ValidationRule = (context) => {
  let count = 0;
  return {
    Field(node) {
      const type = context.getType();
      const list = type && getNullableType(type);
      const item = getNamedType(list);
      const isList = isListType(list) && isObjectType(item) && !isIntrospectionType(item);
      if (!isList || ++count !== maxLists + 1) return;
      const message = `A document may ask for ${maxLists} lists at most; ask in several requests.`;
      context.reportError(new GraphQLError(message, { nodes: node }));
    },
  };
};
