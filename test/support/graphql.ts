import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGraphQLServer, type GraphQLServer } from '../../src/graphql/server';
import { createLogManager, type LogManager } from '../../src/logs/log-manager';
import type { LogStore } from '../../src/logs/log-store';
import { createUnsentAnswers } from '../../src/logs/unsent-answers';
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
  ask(request: Request, manager?: LogManager): Promise<string>;
  /** Undefined when the fast path leaves the request to Apollo Server. */
  askFastPath(request: Request, manager?: LogManager): Promise<string | undefined>;
  close(): Promise<void>;
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
  const contextOf = (manager: LogManager) => ({
    logManager: manager,
    requestId: 'r',
    mustBeLatest: false,
  });
  return {
    server,
    store,
    logManager,
    ask: async ({ query, variables, operationName }, manager = logManager) => {
      const { body } = await server.apollo.executeOperation(
        { query, variables, operationName: operationName! },
        { contextValue: contextOf(manager) },
      );
      if (body.kind !== 'single') throw new Error('the answer comes in parts');
      return JSON.stringify(body.singleResult);
    },
    askFastPath: async (request, manager = logManager) => {
      const parts = await server.fastPath.execute(request, contextOf(manager));
      return parts?.map((part) => part.toString()).join('');
    },
    close: async () => {
      await server.apollo.stop();
      await store.close();
      await database.remove();
    },
  };
}
