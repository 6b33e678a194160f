import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGraphQLServer, type GraphQLServer } from '../../src/graphql/server';
import type { GraphQLContext } from '../../src/graphql/context';
import type { JsonParts } from '../../src/logs/model/json';
import { createReader } from '../../src/logs/model/read-context';
import { createLogManager, type LogManager } from '../../src/logs/log-manager';
import type { LogStore } from '../../src/logs/log-entry-repository';
import { createUnsentAnswers } from '../../src/logs/reading/unsent-bytes';
import { createDatabase } from './database';
import { openTestStore } from './store';
import type { Request } from './documents';

const typeDefs = readFileSync(join(__dirname, '..', '..', 'schema.graphql'), 'utf8');

/** GraphQL without a door: what Apollo Server answers, and what the fast path does. */
export interface OpenGraphQL {
  readonly server: GraphQLServer;
  readonly store: LogStore;
  readonly logManager: LogManager;
  /** The answer of Apollo Server, which executes with graphql-js. */
  ask(request: Request, manager?: LogManager, maxBytes?: number): Promise<string>;
  /** Undefined when the fast path leaves the request to Apollo Server. */
  askFastPath(request: Request, manager?: LogManager): Promise<string | undefined>;
  /**
   * As a server answers that has the operation's plan: the fast path, or else Apollo Server with what it has begun.
   * @param maxBytes of entries in the answer
   */
  askKnown(request: Request, manager?: LogManager, maxBytes?: number): Promise<string>;
  close(): Promise<void>;
}

function textOf(parts: JsonParts): string {
  return parts.map((part) => part.toString()).join('');
}

export function manage(store: LogStore): LogManager {
  return createLogManager({
    store,
    version: '1',
    maxLogsResult: 9,
    maxRequestBytes: 1_000,
    unsentAnswers: createUnsentAnswers(1_000_000),
    now: () => 1_700_000_000_000_000n,
    retentionDays: undefined,
    onCommit: () => {},
    onErased: () => {},
  });
}

export async function openGraphQL(): Promise<OpenGraphQL> {
  const database = await createDatabase();
  const store = await openTestStore(database.url);
  const server = await createGraphQLServer(typeDefs, { rejected: () => {}, failed: () => {} });
  const logManager = manage(store);
  const contextOf = (logManager: LogManager, maxBytes?: number): GraphQLContext => ({
    logManager,
    requestId: 'r',
    reader: createReader({ mustBeLatest: false, ...(maxBytes !== undefined && { maxBytes }) }),
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
    logManager,
    ask: (request, manager = logManager, maxBytes) =>
      askApollo(request, contextOf(manager, maxBytes)),
    askFastPath: async (request, manager = logManager) => {
      const parts = await server.fastPath.execute(request, contextOf(manager));
      return parts && textOf(parts);
    },
    askKnown: async (request, manager = logManager, maxBytes) => {
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
