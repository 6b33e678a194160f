import { defaultFieldResolver, type GraphQLField, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import type { GraphQLContext } from '../context';
import { Mutation, RecordSessionPayload } from './mutation';
import { ClickMap, LogChanges, LogEntryConnection, LogHistogram, LogTypes, Query, Session } from './query';
import { Subscription } from './subscription';

/** By the names of types and fields. Other fields are properties and methods of their objects. */
const resolvers = {
  Query,
  Mutation,
  Subscription,
  LogChanges,
  LogEntryConnection,
  LogHistogram,
  LogTypes,
  ClickMap,
  RecordSessionPayload,
  Session,
};

/** Gives the fields of a schema their resolvers. */
export function addResolvers(schema: GraphQLSchema, byType: object = resolvers): void {
  for (const [typeName, resolversOfType] of Object.entries(byType)) {
    const fields = (schema.getType(typeName) as GraphQLObjectType<unknown, GraphQLContext>).getFields();
    for (const [name, resolve] of Object.entries(resolversOfType as Record<string, object>)) {
      // Those of subscriptions are two functions.
      Object.assign(fields[name]!, typeof resolve === 'function' ? { resolve } : resolve);
    }
    for (const field of Object.values(fields)) takeNullAsDefault(field);
  }
}

/** Clients of typed languages send null for an argument that their user left out. */
function takeNullAsDefault(field: GraphQLField<unknown, GraphQLContext>): void {
  const defaults = field.args.filter(({ defaultValue }) => defaultValue !== undefined);
  if (defaults.length === 0) return;
  const { resolve = defaultFieldResolver } = field;
  field.resolve = (parent, args: Record<string, unknown>, context, info) => {
    for (const { name, defaultValue } of defaults) args[name] ??= defaultValue;
    return resolve(parent, args, context, info);
  };
}
