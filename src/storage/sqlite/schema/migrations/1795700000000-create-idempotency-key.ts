import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addToSummary, createRecording, insertEntries } from './1795600000000-create-session';

const isSession = 'session_id = NEW.session_id AND user_id = NEW.user_id';
const isThis = `FROM session WHERE ${isSession}`;

/**
 * Creates idempotency keys, and the view that erases entries of a session: see docs/adr/0007 and 0008. As in
 * the previous migration, the trigger of a view does in one statement what must be one transaction.
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
    await runner.query(`CREATE INDEX "idempotency_key_received" ON "idempotency_key" ("received_at")`);
    await runner.query('DROP VIEW "recording"');
    // The statement that inserts looks the key up; if it is known, the trigger does nothing.
    await runner.query(`CREATE VIEW "recording" ("user_id", "session_id", "actions", "started_at", "ended_at",
      "received_at", "key", "digest", "known_id", "known_digest", "known_at")
      AS SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL WHERE false`);
    await runner.query(`CREATE TRIGGER "record" INSTEAD OF INSERT ON "recording" WHEN NEW.known_id IS NULL BEGIN
      ${insertEntries};
      INSERT INTO session
        SELECT NEW.session_id, NEW.user_id, NEW.started_at, NEW.ended_at, json_array_length(NEW.actions)
        WHERE NEW.started_at IS NOT NULL
        ${addToSummary};
      INSERT INTO idempotency_key
        SELECT NEW.key, NEW.digest,
          (SELECT coalesce(max(id), 0) FROM log_entry) - json_array_length(NEW.actions) + 1, NEW.received_at
        WHERE NEW.key IS NOT NULL;
    END`);
    // A user or a session may have very many entries: the statement that inserts chooses the smaller index.
    await runner.query(`CREATE VIEW "erasing"
      ("user_id", "session_id", "last_id", "end_time", "most", "entry_count", "by_user")
      AS SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL WHERE false`);
    const own = (index: 'user' | 'session', range: string): string =>
      index === 'user'
        ? `FROM log_entry WHERE user_id = NEW.user_id AND +session_id = NEW.session_id AND ${range}`
        : `FROM log_entry WHERE session_id = NEW.session_id AND +user_id = NEW.user_id AND ${range}`;
    const all = `time >= (SELECT started_at ${isThis}) AND time <= (SELECT ended_at ${isThis})
      AND time < NEW.end_time AND id <= NEW.last_id`;
    const edge = (range: string, order: string): string => `CASE WHEN NEW.by_user
      THEN (SELECT time ${own('user', range)} ORDER BY time ${order} LIMIT 1)
      ELSE (SELECT time ${own('session', range)} ORDER BY time ${order} LIMIT 1) END`;
    await runner.query(`CREATE TRIGGER "erase" INSTEAD OF INSERT ON "erasing" BEGIN
      DELETE FROM log_entry WHERE NEW.by_user
        AND id IN (SELECT id ${own('user', all)} ORDER BY time LIMIT NEW.most);
      UPDATE session SET entry_count = entry_count - changes() WHERE ${isSession} AND NEW.by_user;
      DELETE FROM log_entry WHERE NOT NEW.by_user
        AND id IN (SELECT id ${own('session', all)} ORDER BY time LIMIT NEW.most);
      UPDATE session SET entry_count = entry_count - changes() WHERE ${isSession} AND NOT NEW.by_user;
      DELETE FROM session WHERE ${isSession} AND entry_count = 0;
      UPDATE session SET
        started_at = ${edge('time >= session.started_at', 'ASC')},
        ended_at = ${edge('time <= session.ended_at', 'DESC')}
        WHERE ${isSession};
    END`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP VIEW "erasing"');
    await runner.query('DROP VIEW "recording"');
    await runner.query('DROP TABLE "idempotency_key"');
    await createRecording(runner);
  }
}
