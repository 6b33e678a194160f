import { canonical } from '../../support/doors';
import type { Journal } from './journal';
import type { PostgresNode } from './postgres-node';
import { sessionOf } from './sessions';

interface Row {
  readonly id: string;
  readonly time: string;
  readonly type: string;
  readonly properties: object;
  readonly user_id: string;
  readonly session_id: string;
}

const rowsPerFetch = 10_000;
const maxReported = 20;

/**
 * Compares what clients were told with what PostgreSQL holds: what was acknowledged is there, what was refused is not,
 * of the rest all of a session or nothing; each action once, in order, with every field as it was sent. Gives back what
 * is wrong, so nothing when all is well.
 */
export async function checkJournal(journal: Journal, node: PostgresNode): Promise<string[]> {
  const problems: string[] = [];
  const stored = new Set<string>();
  for await (const rows of storedSessions(node)) {
    const sessionId = rows[0]!.session_id;
    const outcome = journal.outcomes.get(sessionId);
    stored.add(sessionId);
    if (outcome === undefined) problems.push(`${sessionId} is stored and was never sent`);
    else if (outcome === 'refused') problems.push(`${sessionId} is stored and was refused`);
    else
      problems.push(
        ...compare(sessionId, rows).map((what) => `${sessionId} (${outcome}): ${what}`),
      );
  }
  for (const [sessionId, outcome] of journal.outcomes) {
    if (outcome === 'acknowledged' && !stored.has(sessionId)) {
      problems.push(`${sessionId} was acknowledged and is lost`);
    }
  }
  if (problems.length <= maxReported) return problems;
  return [...problems.slice(0, maxReported), `and ${problems.length - maxReported} more`];
}

function compare(sessionId: string, rows: readonly Row[]): string[] {
  const { userId, actions } = sessionOf(sessionId);
  if (rows.length !== actions.length) return [`${rows.length} rows of ${actions.length}`];
  return actions.flatMap(({ time, type, properties }, at) => {
    const row = rows[at]!;
    const expected = canonical({ time, type, properties, user_id: userId });
    const { id, time: rowTime, type: rowType, properties: rowProperties, user_id } = row;
    const actual = canonical({ time: rowTime, type: rowType, properties: rowProperties, user_id });
    return actual === expected ? [] : [`row ${id} is ${actual}, not ${expected}`];
  });
}

/** All rows, session by session, in the order of their ids. */
async function* storedSessions(node: PostgresNode): AsyncGenerator<Row[]> {
  const client = await node.connect({ timeoutMs: 120_000 });
  try {
    await client.query('BEGIN');
    await client.query(
      `DECLARE rows NO SCROLL CURSOR FOR
        SELECT id, type, properties, user_id, session_id,
          to_char(time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS time
        FROM log_entry ORDER BY session_id, id`,
    );
    let session: Row[] = [];
    for (;;) {
      const { rows } = await client.query<Row>(`FETCH ${rowsPerFetch} FROM rows`);
      for (const row of rows) {
        if (session.length > 0 && session[0]!.session_id !== row.session_id) {
          yield session;
          session = [];
        }
        session.push(row);
      }
      if (rows.length < rowsPerFetch) break;
    }
    if (session.length > 0) yield session;
  } finally {
    await client.end();
  }
}
