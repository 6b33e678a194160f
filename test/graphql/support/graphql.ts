import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGraphQLServer, type GraphQLServer } from '../../../src/graphql/server';
import type { GraphQLContext } from '../../../src/graphql/context';
import type { JsonParts } from '../../../src/logs/model/json';
import { createReadContext } from '../../../src/logs/model/read-context';
import { createServices, type Services } from '../../../src/logs/services';
import type { LogEntryRepository } from '../../../src/logs/log-entry-repository';
import { createDatabase } from '../../support/database/database';
import { openTestStore } from '../../support/database/store';
import type { Request } from './documents';

const typeDefs = readFileSync(join(__dirname, '..', '..', '..', 'schema.graphql'), 'utf8');

/** GraphQL without a door: what Apollo Server answers, and what the fast path does. */
export interface OpenGraphQL {
  readonly server: GraphQLServer;
  readonly store: LogEntryRepository;
  readonly services: Services;
  /** The answer of Apollo Server, which executes with graphql-js. */
  ask(request: Request, manager?: Services, maxBytes?: number): Promise<string>;
  /** Undefined when the fast path leaves the request to Apollo Server. */
  askFastPath(request: Request, manager?: Services): Promise<string | undefined>;
  /**
   * As a server answers that has the operation's plan: the fast path, or else Apollo Server with what it has begun.
   * @param maxBytes of entries in the answer
   */
  askKnown(request: Request, manager?: Services, maxBytes?: number): Promise<string>;
  close(): Promise<void>;
}

function textOf(parts: JsonParts): string {
  return parts.map((part) => part.toString()).join('');
}

/** Most entries of one field `logs` in these tests. */
export const maxEntries = 9;

export function createTestServices(repository: LogEntryRepository): Services {
  return createServices({
    repository,
    version: '1',
    maxLogsResult: maxEntries,
    maxRequestBytes: 1_000,
    now: () => 1_700_000_000_000_000n,
    retentionDays: undefined,
    onCommit: () => {},
    onBug: () => {},
    onErased: () => {},
  });
}

export async function openGraphQL(): Promise<OpenGraphQL> {
  const database = await createDatabase();
  const store = await openTestStore(database.url);
  const server = await createGraphQLServer(typeDefs, { rejected: () => {}, failed: () => {} });
  const services = createTestServices(store);
  const contextOf = (services: Services, maxBytes?: number): GraphQLContext => ({
    ...services,
    requestId: 'r',
    readContext: createReadContext({
      mustBeLatest: false,
      maxEntries,
      ...(maxBytes !== undefined && { maxBytes }),
    }),
  });
  async function askApollo(
    { query, variables, operationName }: Request,
    contextValue: GraphQLContext,
  ): Promise<string> {
    const { body } = await server.apollo.executeOperation(
      { query, variables, operationName: operationName! },
      { contextValue },
    );
    if (body.kind !== 'single') throw new Error('the answer comes in parts');
    return JSON.stringify(body.singleResult);
  }
  return {
    server,
    store,
    services,
    ask: (request, manager = services, maxBytes) =>
      askApollo(request, contextOf(manager, maxBytes)),
    askFastPath: async (request, manager = services) => {
      const parts = await server.fastPath.execute(request, contextOf(manager));
      return parts && textOf(parts);
    },
    askKnown: async (request, manager = services, maxBytes) => {
      const context = contextOf(manager, maxBytes);
      const parts = await server.fastPath.execute(request, context);
      return parts ? textOf(parts) : askApollo(request, context);
    },
    close: async () => {
      await server.apollo.stop();
      await store.close();
      await database.remove();
    },
  };
}
