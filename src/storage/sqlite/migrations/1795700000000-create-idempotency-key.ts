import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Keys under which sessions are recorded once, and what erases the entries of a session: see docs/adr/0007 and 0008.
 * As in the migration before, what must be done in one transaction is the trigger of a view: one statement.
 */
export class CreateIdempotencyKey1795700000000 implements MigrationInterface {
  readonly name = 'CreateIdempotencyKey1795700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE "idempotency_key" (
      "key" text PRIMARY KEY NOT NULL,
      "digest" text NOT NULL,
      "first_id" integer NOT NULL,
      "received_at" integer NOT NULL
    ) WITHOUT ROWID`);
    await runner.query(
      `CREATE INDEX "idempotency_key_received" ON "idempotency_key" ("received_at")`,
    );
    await runner.query('DROP VIEW "recording"');
    // What is known under the key is looked up by whoever inserts; then there is nothing to record.
    await runner.query(`CREATE VIEW "recording" ("user_id", "session_id", "actions", "started_at", "ended_at",
      "received_at", "key", "digest", "known_id", "known_digest", "known_at")
      AS SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL WHERE false`);
    await runner.query(`CREATE TRIGGER "record" INSTEAD OF INSERT ON "recording" WHEN NEW.known_id IS NULL BEGIN
      INSERT INTO log_entry (time, type, properties, user_id, session_id, received_at)
        SELECT value ->> 0, value ->> 1, value -> 2, NEW.user_id, NEW.session_id, NEW.received_at
        FROM jsonb_each(NEW.actions);
      INSERT INTO session
        SELECT NEW.session_id, NEW.user_id, NEW.started_at, NEW.ended_at, json_array_length(NEW.actions)
        WHERE NEW.started_at IS NOT NULL
        ON CONFLICT DO UPDATE SET
          started_at = min(started_at, excluded.started_at),
          ended_at = max(ended_at, excluded.ended_at),
          entry_count = entry_count + excluded.entry_count;
      INSERT INTO idempotency_key
        SELECT NEW.key, NEW.digest,
          (SELECT coalesce(max(id), 0) FROM log_entry) - json_array_length(NEW.actions) + 1, NEW.received_at
        WHERE NEW.key IS NOT NULL;
    END`);
    await runner.query(`CREATE VIEW "erasing"
      ("user_id", "session_id", "last_id", "end_time", "most", "entry_count")
      AS SELECT NULL, NULL, NULL, NULL, NULL, NULL WHERE false`);
    await runner.query(`CREATE TRIGGER "erase" INSTEAD OF INSERT ON "erasing" BEGIN
      DELETE FROM log_entry WHERE id IN (
        SELECT entry.id FROM session CROSS JOIN log_entry AS entry
          ON entry.session_id = session.session_id AND +entry.user_id = session.user_id
          AND entry.time >= session.started_at AND entry.time <= session.ended_at
        WHERE session.session_id = NEW.session_id AND session.user_id = NEW.user_id
          AND entry.time < NEW.end_time AND entry.id <= NEW.last_id
        ORDER BY entry.time LIMIT NEW.most);
      UPDATE session SET entry_count = entry_count - changes()
        WHERE session_id = NEW.session_id AND user_id = NEW.user_id;
      DELETE FROM session
        WHERE session_id = NEW.session_id AND user_id = NEW.user_id AND entry_count = 0;
      UPDATE session SET
        started_at = (SELECT time FROM log_entry
          WHERE session_id = NEW.session_id AND +user_id = NEW.user_id AND time >= session.started_at
          ORDER BY time LIMIT 1),
        ended_at = (SELECT time FROM log_entry
          WHERE session_id = NEW.session_id AND +user_id = NEW.user_id AND time <= session.ended_at
          ORDER BY time DESC LIMIT 1)
        WHERE session_id = NEW.session_id AND user_id = NEW.user_id;
    END`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP VIEW "erasing"');
    await runner.query('DROP VIEW "recording"');
    await runner.query('DROP TABLE "idempotency_key"');
    await runner.query(`CREATE VIEW "recording"
      ("user_id", "session_id", "actions", "started_at", "ended_at", "received_at")
      AS SELECT NULL, NULL, NULL, NULL, NULL, NULL WHERE false`);
    await runner.query(`CREATE TRIGGER "record" INSTEAD OF INSERT ON "recording" BEGIN
      INSERT INTO log_entry (time, type, properties, user_id, session_id, received_at)
        SELECT value ->> 0, value ->> 1, value -> 2, NEW.user_id, NEW.session_id, NEW.received_at
        FROM jsonb_each(NEW.actions);
      INSERT INTO session
        VALUES (NEW.session_id, NEW.user_id, NEW.started_at, NEW.ended_at, json_array_length(NEW.actions))
        ON CONFLICT DO UPDATE SET
          started_at = min(started_at, excluded.started_at),
          ended_at = max(ended_at, excluded.ended_at),
          entry_count = entry_count + excluded.entry_count;
    END`);
  }
}
