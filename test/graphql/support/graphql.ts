import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGraphQLServer, type GraphQLServer } from '../../../src/graphql/server';
import type { GraphQLContext } from '../../../src/graphql/context';
import { toJsonParts } from '../../../src/graphql/execution/raw-json';
import { createReadContext } from '../../../src/logs/model/read-context';
import { createServices, type Services } from '../../../src/logs/services';
import type { LogEntryRepository } from '../../../src/logs/log-entry-repository';
import { createDatabase } from '../../support/database/database';
import { openTestStore } from '../../support/database/store';
import type { Request } from './documents';
import { askReference, type Outcome } from './reference';
import { unobserved } from '../../logs/support/memory-changes';
import { openPrincipal } from '../../../src/logs/access/principal';

const typeDefs = readFileSync(join(__dirname, '..', '..', '..', 'schema.graphql'), 'utf8');

/** GraphQL without HTTP. */
export interface OpenGraphQL {
  readonly server: GraphQLServer;
  readonly store: LogEntryRepository;
  readonly services: Services;
  /**
   * The answer by way of Apollo Server.
   * @param maxBytes of entries in the answer
   */
  ask(request: Request, services?: Services, maxBytes?: number): Promise<string>;
  /** The answer without Apollo Server; undefined when the operation is not known or must be refused. */
  askKnown(request: Request, services?: Services, maxBytes?: number): Promise<string | undefined>;
  /** What graphql-js would answer: see {@link askReference}. */
  askReference(request: Request, services?: Services): Promise<Outcome>;
  close(): Promise<void>;
}

/** Most entries of one field `logs` in these tests. */
export const maxEntries = 9;

export function createTestServices(repository: LogEntryRepository): Services {
  return createServices({
    repository,
    version: '1',
    maxLogsResult: maxEntries,
    maxResponseBytes: 32_000_000,
    maxRequestBytes: 1_000,
    queryTimeoutMs: 10_000,
    now: () => 1_700_000_000_000_000n,
    retentionDays: undefined,
    erasureNoticeDays: 30,
    isOpen: () => true,
    onCommit: () => {},
    onBug: () => {},
    onDeleted: () => {},
    feedObserver: unobserved,
  });
}

export function contextOf(services: Services, maxBytes?: number): GraphQLContext {
  const budget = { maxEntries, ...(maxBytes !== undefined && { maxBytes }) };
  const readContext = createReadContext({ mustBeLatest: false, ...budget });
  return { ...services, principal: openPrincipal, isBeacon: false, requestId: 'r', readContext };
}

const textOf = (result: object): string => toJsonParts(result).join('').trimEnd();

export async function openGraphQL(): Promise<OpenGraphQL> {
  const database = await createDatabase();
  const store = await openTestStore(database.url);
  const server = await createGraphQLServer(typeDefs, { rejected: () => {}, failed: () => {} });
  const services = createTestServices(store);
  return {
    server,
    store,
    services,
    async ask({ query, variables, operationName }, manager = services, maxBytes) {
      const { body } = await server.apollo.executeOperation(
        { query, variables, operationName: operationName! },
        { contextValue: contextOf(manager, maxBytes) },
      );
      if (body.kind !== 'single') throw new Error('the answer comes in parts');
      return textOf(body.singleResult);
    },
    async askKnown(request, manager = services, maxBytes) {
      const answer = await server.operations.answer(request, contextOf(manager, maxBytes));
      return answer && textOf(answer.result);
    },
    askReference: (request, manager = services) => askReference(request, contextOf(manager)),
    close: async () => {
      await server.apollo.stop();
      await store.close();
      await database.remove();
    },
  };
}
