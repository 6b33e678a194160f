import { isObjectType, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import type { GraphQLContext } from '../context';
import { LogEntryConnection } from './log-entry-connection';
import { Mutation, RecordSessionPayload } from './mutation';
import { Query } from './query';
import { Session } from './session';

type Resolver = GraphQLFieldResolver<unknown, GraphQLContext>;

/** By the names of types and fields. Other fields are properties and methods of their objects. */
const resolvers: Readonly<Record<string, object>> = {
  Query,
  Mutation,
  LogEntryConnection,
  RecordSessionPayload,
  Session,
};

/** Gives the fields of a schema their resolvers. */
export function addResolvers(schema: GraphQLSchema): void {
  for (const [typeName, fields] of Object.entries(resolvers)) {
    const type = schema.getType(typeName);
    if (!isObjectType(type)) continue;
    for (const [name, resolve] of Object.entries(fields)) {
      type.getFields()[name]!.resolve = resolve as Resolver;
    }
  }
}
