/** The result for one session; rows are in the order of the sessions. */
export interface RecordedRow {
  /** Id of its last entry; null if it was recorded before, or has no entry. */
  readonly lastId: number | null;
  /** What was recorded under its idempotency key before; null otherwise. */
  readonly knownId: number | null;
  readonly knownDigest: string | null;
  readonly knownAt: string | null;
}

/**
 * Inserts encoded sessions and returns a {@link RecordedRow} for each. A trigger of the view inserts the
 * entries, updates the summary of the session, and stores its idempotency key, all in one statement and so in
 * one transaction.
 * @param hasKeys whether any session has an idempotency key
 */
export function insertSessions(hasKeys: boolean): string {
  const idempotency = hasKeys
    ? 'sent.value ->> 5, sent.value ->> 6, known.first_id, known.digest, known.received_at'
    : 'NULL, NULL, NULL, NULL, NULL';
  const joinKeys = hasKeys ? 'LEFT JOIN idempotency_key AS known ON known.key = sent.value ->> 5' : '';
  // The condition correlates the subquery with the row; otherwise it is computed once for all rows.
  return `INSERT INTO recording (user_id, session_id, actions, started_at, ended_at, received_at,
      key, digest, known_id, known_digest, known_at)
    SELECT sent.value ->> 0, sent.value ->> 1, jsonb_extract(sent.value, '$[2]'), sent.value ->> 3,
      sent.value ->> 4, CAST(?2 AS INTEGER), ${idempotency}
    FROM jsonb_each(?1) AS sent ${joinKeys} WHERE true
    RETURNING (SELECT max(id) FROM log_entry WHERE known_id IS NULL) AS "lastId",
      known_id AS "knownId", known_digest AS "knownDigest", CAST(known_at AS text) AS "knownAt"`;
}

/**
 * Erases entries of the sessions `[[userId, sessionId], …]` up to an id and before a time, at most a number
 * of each session. Returns a row for each session: `erased`, its number of erased entries.
 */
export const eraseEntries = `INSERT INTO erasing
    (user_id, session_id, last_id, end_time, most, entry_count, by_user)
  SELECT user_id, session_id, CAST(?2 AS INTEGER), CAST(?3 AS INTEGER), CAST(?4 AS INTEGER), entry_count,
    ${countAbout('user_id')} <= ${countAbout('session_id')}
  FROM json_each(?1) AS wanted CROSS JOIN session
    ON session_id = wanted.value ->> 1 AND user_id = wanted.value ->> 0
  WHERE true
  RETURNING entry_count - coalesce((SELECT rest.entry_count FROM session AS rest
    WHERE rest.session_id = erasing.session_id AND rest.user_id = erasing.user_id), 0) AS erased`;

/** Number of entries, up to 10,000, with the session's value in a column, within the time of the session. */
function countAbout(column: 'user_id' | 'session_id'): string {
  return `(SELECT count(*) FROM (SELECT 1 FROM log_entry AS entry WHERE entry.${column} = session.${column}
    AND entry.time >= session.started_at AND entry.time <= session.ended_at LIMIT 10000))`;
}

/** Deletes keys received before a time, up to a limit. Returns a row for each. */
export const deleteKeys = `DELETE FROM idempotency_key WHERE key IN (
    SELECT key FROM idempotency_key WHERE received_at < CAST(?1 AS INTEGER) LIMIT CAST(?2 AS INTEGER))
  RETURNING 1`;
