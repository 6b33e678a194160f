import sqlite3 from 'sqlite3';
import type { LogEntryRepository } from '../../../src/logs/log-entry-repository';
import { sendHttp } from '../../support/server/http';

interface Entry {
  readonly id: string;
  readonly [field: string]: unknown;
}

interface Page {
  readonly nodes: readonly Entry[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what an answer holds depends on the document
type Ask = (query: string, variables?: object) => Promise<any>;

const page = `query ($after: String) {
  logsConnection(first: 1000, after: $after) {
    nodes { id time type properties userId sessionId receivedAt }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** Sends a document to a server without keys, and returns the body of the answer. */
export const sendGraphql = async (url: string, query: string, variables?: object) =>
  (await sendHttp(`${url}/graphql`, { method: 'POST', body: JSON.stringify({ query, variables }) })).body;

/** All entries of a server, by id. */
export async function readAllEntries(ask: Ask): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (let after: string | null = null; ;) {
    const { data }: { data: { logsConnection: Page } } = await ask(page, { after });
    const { nodes, pageInfo } = data.logsConnection;
    entries.push(...nodes);
    if (!pageInfo.hasNextPage) return entries.sort((one, other) => Number(one.id) - Number(other.id));
    after = pageInfo.endCursor;
  }
}

/** All entries of the example's copy, by id, in the form of the server. */
export async function readCopiedEntries(path: string): Promise<readonly Entry[]> {
  const database = new sqlite3.Database(path, sqlite3.OPEN_READONLY);
  const sql = `SELECT CAST(id AS TEXT) AS id, time, type, properties, user_id AS userId, session_id AS sessionId,
    received_at AS receivedAt FROM log_entry ORDER BY log_entry.id`;
  const rows = await new Promise<(Entry & { properties: string })[]>((resolve, reject) => {
    database.all<Entry & { properties: string }>(sql, (error, found) =>
      error ? reject(error) : resolve(found),
    );
  });
  await new Promise((resolve) => database.close(resolve));
  return rows.map((row) => ({ ...row, properties: JSON.parse(row.properties) as object }));
}

/** What a restore does: cursors handed out before are refused. */
export async function renewEpoch(store: LogEntryRepository): Promise<void> {
  await store.changes.renewEpoch();
}
