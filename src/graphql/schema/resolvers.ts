import type { GraphQLFieldResolver, GraphQLObjectType, GraphQLSchema } from 'graphql';
import type { GraphQLContext } from '../context';
import { Mutation, RecordSessionPayload } from './mutation';
import { LogEntryConnection, Query, Session } from './query';

/** By the names of types and fields. Other fields are properties and methods of their objects. */
const resolvers = { Query, Mutation, LogEntryConnection, RecordSessionPayload, Session };

/** Gives the fields of a schema their resolvers. */
export function addResolvers(schema: GraphQLSchema): void {
  for (const [typeName, resolversOfType] of Object.entries(resolvers)) {
    const fields = (schema.getType(typeName) as GraphQLObjectType).getFields();
    for (const [name, resolve] of Object.entries(resolversOfType)) {
      fields[name]!.resolve = resolve as GraphQLFieldResolver<unknown, GraphQLContext>;
    }
  }
}
