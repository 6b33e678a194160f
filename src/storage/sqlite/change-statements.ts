const columns = `CAST(id AS text) AS position, user_id AS "userId", session_id AS "sessionId",
  CAST(erased_at AS text) AS "erasedAt"`;

/** The statements of the store that are not composed. */
export const changeStatements = {
  /** The trigger of the table takes the id out of the sequence. */
  note: `INSERT INTO erasure (id, user_id, session_id, erased_at, is_finished)
    SELECT coalesce(max(seq), 0) + 1, ?1, nullif(?2, ''), CAST(?3 AS INTEGER), 0
    FROM sqlite_sequence WHERE name = 'log_entry' RETURNING CAST(id AS text) AS position`,
  finish: 'UPDATE erasure SET is_finished = 1 WHERE id = CAST(?1 AS INTEGER)',
  remove: 'DELETE FROM erasure WHERE id = CAST(?1 AS INTEGER)',
  unfinished: `SELECT ${columns} FROM erasure WHERE is_finished = 0 AND erased_at < CAST(?1 AS INTEGER) ORDER BY id`,
  forget: `DELETE FROM erasure WHERE id IN (SELECT id FROM erasure
    WHERE is_finished = 1 AND erased_at < CAST(?1 AS INTEGER) ORDER BY id LIMIT CAST(?2 AS INTEGER)) RETURNING 1`,
  renewEpoch: 'UPDATE feed SET epoch = lower(hex(randomblob(8))) RETURNING epoch',
  /** Changes with every commit of another connection (https://www.sqlite.org/pragma.html#pragma_data_version). */
  version: 'PRAGMA data_version',
  /** Changes with every commit of this connection. */
  ownVersion: 'SELECT total_changes()',
} as const;
