import type { StoredEntry, StoredSession } from '../../support/journal/journal-check';
import type { PostgresNode } from './postgres-node';

const rowsPerFetch = 10_000;

/** All that a PostgreSQL server holds, session by session, read past the instances. */
export async function* storedRows(node: PostgresNode): AsyncGenerator<StoredSession> {
  const client = await node.connect({ timeoutMs: 120_000 });
  try {
    await client.query('BEGIN');
    await client.query(
      `DECLARE rows NO SCROLL CURSOR FOR
        SELECT id, type, properties, user_id AS "userId", session_id AS "sessionId",
          to_char(time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS time
        FROM log_entry ORDER BY session_id, id`,
    );
    let entries: StoredEntry[] = [];
    for (;;) {
      const { rows } = await client.query<StoredEntry>(`FETCH ${rowsPerFetch} FROM rows`);
      for (const row of rows) {
        if (entries.length > 0 && entries[0]!.sessionId !== row.sessionId) {
          yield { sessionId: entries[0]!.sessionId, entries };
          entries = [];
        }
        entries.push(row);
      }
      if (rows.length < rowsPerFetch) break;
    }
    if (entries.length > 0) yield { sessionId: entries[0]!.sessionId, entries };
  } finally {
    await client.end();
  }
}
