import { isNonNullType, type GraphQLField, type GraphQLResolveInfo } from 'graphql';
import type { GraphQLContext } from '../context';
import { Mutation } from '../schema/mutation';
import { Query } from '../schema/query';

/**
 * Answers a field of a root type.
 * @param info of graphql-js, which the fast path has not
 */
export type RootResolver = (
  root: object,
  args: object,
  context: GraphQLContext,
  info?: GraphQLResolveInfo,
) => unknown;
export type RootResolvers = Readonly<Record<string, RootResolver>>;

/** By the type and the name of the field. */
export const rootResolvers = {
  Query: Query as RootResolvers,
  Mutation: Mutation as RootResolvers,
};

/** The same for graphql-js, which goes on with what the fast path has begun. */
export function continueBegun(resolvers: RootResolvers) {
  return Object.fromEntries(
    Object.entries(resolvers).map(([name, resolve]) => [
      name,
      (root: object, args: object, context: GraphQLContext, info: GraphQLResolveInfo) =>
        context.begun?.get(String(info.path.key)) ?? resolve(root, args, context, info),
    ]),
  );
}

/**
 * Remembers what a field of the root type comes to.
 * @param key of the field in the answer
 */
export async function begin<Result>(
  context: GraphQLContext,
  key: string,
  { type }: GraphQLField<unknown, unknown>,
  result: Promise<Result>,
): Promise<Result> {
  context.begun ??= new Map();
  context.begun.set(key, result);
  try {
    return await result;
  } catch (error) {
    context.isLost ||= isNonNullType(type);
    throw error;
  }
}
