import type { MigrationInterface, QueryRunner } from 'typeorm';

export const insertEntries = `INSERT INTO log_entry (time, type, properties, user_id, session_id, received_at)
        SELECT value ->> 0, value ->> 1, value -> 2, NEW.user_id, NEW.session_id, NEW.received_at
        FROM jsonb_each(NEW.actions)`;

export const addToSummary = `ON CONFLICT DO UPDATE SET
          started_at = min(started_at, excluded.started_at),
          ended_at = max(ended_at, excluded.ended_at),
          entry_count = entry_count + excluded.entry_count`;

/**
 * Creates the summaries of sessions, and the index by session: see docs/adr/0005. Commits insert into the
 * view, whose trigger stores the entries and the summary. That is one statement, which is a transaction of
 * its own, so no transaction is open between two statements.
 */
export class CreateSession1795600000000 implements MigrationInterface {
  readonly name = 'CreateSession1795600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX "log_entry_session_time" ON "log_entry" ("session_id", "time")`);
    await runner.query(`CREATE TABLE "session" (
      "session_id" text NOT NULL,
      "user_id" text NOT NULL,
      "started_at" integer NOT NULL,
      "ended_at" integer NOT NULL,
      "entry_count" integer NOT NULL,
      PRIMARY KEY ("session_id", "user_id")
    ) WITHOUT ROWID`);
    await runner.query(`INSERT INTO "session"
      SELECT session_id, user_id, min(time), max(time), count(*) FROM log_entry GROUP BY 1, 2`);
    await runner.query(`CREATE INDEX "session_user_started" ON "session" ("user_id", "started_at")`);
    await runner.query(`CREATE INDEX "session_started" ON "session" ("started_at")`);
    await createRecording(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP VIEW "recording"');
    await runner.query('DROP TABLE "session"');
    await runner.query('DROP INDEX "log_entry_session_time"');
  }
}

/** Creates the view and its trigger. The next migration, which replaces them, calls it to go back. */
export async function createRecording(runner: QueryRunner): Promise<void> {
  await runner.query(`CREATE VIEW "recording"
      ("user_id", "session_id", "actions", "started_at", "ended_at", "received_at")
      AS SELECT NULL, NULL, NULL, NULL, NULL, NULL WHERE false`);
  await runner.query(`CREATE TRIGGER "record" INSTEAD OF INSERT ON "recording" BEGIN
      ${insertEntries};
      INSERT INTO session
        VALUES (NEW.session_id, NEW.user_id, NEW.started_at, NEW.ended_at, json_array_length(NEW.actions))
        ${addToSummary};
    END`);
}
