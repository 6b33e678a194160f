import { readEntries } from '../../logs/reading/entries';
import type { JsonParts } from '../../logs/model/json';
import type { GraphQLContext } from '../context';
import { begin, rootResolvers, type RootResolvers } from '../execution/root-resolvers';
import { renderValue, toColumns } from './render';
import type { SelectedField, VariableValues } from './selection';

/**
 * Answers a field of a root type with JSON.
 * @param args coerced
 * @throws {unknown} anything, when the field's resolver is to answer instead
 */
type FastResolver = (
  args: Readonly<Record<string, unknown>>,
  field: SelectedField,
  context: GraphQLContext,
  variables: VariableValues,
) => Promise<string | JsonParts>;

/** The field's own resolver, whose value is rendered without graphql-js. */
function renderAll(resolvers: RootResolvers): Record<string, FastResolver> {
  return Object.fromEntries(
    Object.entries(resolvers).map(([name, resolve]): [string, FastResolver] => [
      name,
      async (args, { key, definition, children }, context, variables) => {
        const result = (async () => resolve({}, args, context))();
        return renderValue(await begin(context, key, definition!, result), children, variables);
      },
    ]),
  );
}

/** By the type and the name of the field. */
export const fastResolvers: Readonly<Record<string, Readonly<Record<string, FastResolver>>>> = {
  Query: {
    ...renderAll(rootResolvers.Query),
    async logs(args, { key, definition, children }, context) {
      const { repository, readContext } = context;
      const columns = toColumns(children);
      try {
        return await readEntries(repository, args, columns, readContext);
      } catch (error) {
        // Only that it has failed is of use: the entries are rendered for this very field.
        return begin(context, key, definition!, Promise.reject(error as Error));
      }
    },
  },
  Mutation: renderAll(rootResolvers.Mutation),
};
