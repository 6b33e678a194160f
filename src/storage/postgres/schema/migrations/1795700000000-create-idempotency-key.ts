import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates idempotency keys, and the function that erases entries of a session: docs/adr/0007 and 0008. */
export class CreateIdempotencyKey1795700000000 implements MigrationInterface {
  readonly name = 'CreateIdempotencyKey1795700000000';

  async up(runner: QueryRunner): Promise<void> {
    // A table of its own: a unique constraint on log_entry would have to contain the time, its partition key
    // (https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-LIMITATIONS).
    await runner.query(`CREATE TABLE "idempotency_key" (
      "key" text COLLATE "C" PRIMARY KEY,
      "digest" text COLLATE "C" NOT NULL,
      "first_id" bigint NOT NULL,
      "received_at" timestamptz NOT NULL,
      "replay_count" bigint NOT NULL DEFAULT 0
    )`);
    await runner.query(`CREATE INDEX "idempotency_key_received" ON "idempotency_key" ("received_at")`);
    // A user or a session may have very many entries, so the function uses the index that has fewer of them.
    // `|| ''` keeps PostgreSQL from using the other index.
    const own = (index: 'user' | 'session'): string => `FROM log_entry AS entry
      WHERE ${index === 'user' ? 'entry.user_id' : "(entry.user_id || '')"} = wanted_user
        AND ${index === 'session' ? 'entry.session_id' : "(entry.session_id || '')"} = wanted_session
        AND entry.time >= known.started_at AND entry.time <= known.ended_at`;
    const doomed = (from: string): string => `SELECT entry.time, entry.id ${from}
      AND entry.time < end_time AND entry.id <= last_id ORDER BY entry.time, entry.id LIMIT most`;
    // The lock on the session's row waits for commits of the same session. Later statements, each with a
    // snapshot of its own, see their entries.
    await runner.query(`CREATE FUNCTION "erase_entries"
      (wanted_session text, wanted_user text, last_id bigint, end_time timestamptz, most bigint)
      RETURNS bigint LANGUAGE plpgsql AS $$
      DECLARE
        known session%ROWTYPE;
        by_user boolean;
        erased bigint;
        first_left timestamptz;
        last_left timestamptz;
        count_left bigint;
      BEGIN
        SELECT * INTO known FROM session
          WHERE session_id = wanted_session AND user_id = wanted_user FOR UPDATE;
        IF NOT FOUND THEN RETURN 0; END IF;
        by_user := (SELECT count(*) FROM (SELECT 1 FROM log_entry AS entry WHERE entry.user_id = wanted_user
            AND entry.time >= known.started_at AND entry.time <= known.ended_at LIMIT 10000) AS entries)
          <= (SELECT count(*) FROM (SELECT 1 FROM log_entry AS entry WHERE entry.session_id = wanted_session
            AND entry.time >= known.started_at AND entry.time <= known.ended_at LIMIT 10000) AS entries);
        IF by_user THEN
          DELETE FROM log_entry USING (${doomed(own('user'))}) AS doomed
            WHERE log_entry.time = doomed.time AND log_entry.id = doomed.id;
        ELSE
          DELETE FROM log_entry USING (${doomed(own('session'))}) AS doomed
            WHERE log_entry.time = doomed.time AND log_entry.id = doomed.id;
        END IF;
        GET DIAGNOSTICS erased = ROW_COUNT;
        IF erased = most AND erased < known.entry_count THEN
          -- There is more to erase, so that the rest is not counted yet.
          UPDATE session SET entry_count = entry_count - erased
            WHERE session_id = wanted_session AND user_id = wanted_user;
          RETURN erased;
        END IF;
        -- Counted, since whole partitions may have gone as well.
        IF by_user THEN
          SELECT min(entry.time), max(entry.time), count(*) INTO first_left, last_left, count_left ${own('user')};
        ELSE
          SELECT min(entry.time), max(entry.time), count(*) INTO first_left, last_left, count_left ${own('session')};
        END IF;
        IF count_left = 0 THEN
          DELETE FROM session WHERE session_id = wanted_session AND user_id = wanted_user;
        ELSE
          UPDATE session SET started_at = first_left, ended_at = last_left, entry_count = count_left
            WHERE session_id = wanted_session AND user_id = wanted_user;
        END IF;
        RETURN known.entry_count - count_left;
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION "erase_entries"');
    await runner.query('DROP TABLE "idempotency_key"');
  }
}
