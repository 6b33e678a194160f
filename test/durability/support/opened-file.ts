import { createReadContext } from '../../../src/logs/model/read-context';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toJsonParts } from '../../../src/graphql/execution/raw-json';
import { createGraphQLServer } from '../../../src/graphql/server';
import { createTestServices, maxEntries } from '../../graphql/support/graphql';
import { checkJournal } from '../../support/journal/journal-check';
import type { Journal } from '../../support/journal/journal';
import { openTestStore } from '../../support/database/store';
import { storedSessions } from '../../support/journal/stored-sessions';
import { checkIntegrity } from '../../support/database/integrity';
import type { Askable } from '../../logs/support/walk';
import type { SqliteFile } from './sqlite-file';
import { openPrincipal } from '../../../src/logs/access/principal';

const typeDefs = readFileSync(join(__dirname, '..', '..', '..', 'schema.graphql'), 'utf8');
const noObserver = { rejected: () => {}, failed: () => {} };

/** Opens files as a server does, and asks what it would answer; without a process, which would take ten times as long. */
export interface FileChecker {
  /** What is wrong with the file, or with what it holds for what clients were told: nothing, if all is well. */
  check(file: SqliteFile, journal: Pick<Journal, 'outcomes'>): Promise<string[]>;
  close(): Promise<void>;
}

export async function createFileChecker(): Promise<FileChecker> {
  const { apollo, operations } = await createGraphQLServer(typeDefs, noObserver);
  return {
    check: async (file, journal) => {
      const store = await openTestStore(file.url);
      try {
        const services = createTestServices(store);
        const server: Askable = {
          graphql: async (query, variables) => {
            const readContext = createReadContext({ mustBeLatest: false, maxEntries });
            const contextValue = {
              ...services,
              principal: openPrincipal,
              isBeacon: false,
              requestId: 'r',
              readContext,
            };
            const request = { query, variables: { ...variables } };
            const known = await operations.answer(request, contextValue);
            if (known) return JSON.parse(toJsonParts(known.result).join('')) as object;
            const { body } = await apollo.executeOperation(request, { contextValue });
            if (body.kind !== 'single') throw new Error('the answer comes in parts');
            return JSON.parse(toJsonParts(body.singleResult).join('')) as object;
          },
        };
        const damage = await checkIntegrity(file.path);
        return [...damage, ...(await checkJournal(journal, storedSessions(server)))];
      } finally {
        await store.close();
      }
    },
    close: () => apollo.stop(),
  };
}
