import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the summaries of sessions, updated in the same commit as the entries: see docs/adr/0005. */
export class CreateSession1795600000000 implements MigrationInterface {
  readonly name = 'CreateSession1795600000000';

  async up(runner: QueryRunner): Promise<void> {
    // Free space on each page lets PostgreSQL update a session without new index entries
    // (https://www.postgresql.org/docs/current/storage-hot.html).
    await runner.query(`CREATE TABLE "session" (
      "session_id" text COLLATE "C" NOT NULL,
      "user_id" text COLLATE "C" NOT NULL,
      "started_at" timestamptz NOT NULL,
      "ended_at" timestamptz NOT NULL,
      "entry_count" bigint NOT NULL,
      PRIMARY KEY ("session_id", "user_id")
    ) WITH (fillfactor = 80)`);
    await runner.query(`INSERT INTO "session"
      SELECT session_id, user_id, min(time), max(time), count(*) FROM log_entry GROUP BY 1, 2`);
    await runner.query(
      `CREATE INDEX "session_user_started" ON "session" ("user_id", "started_at", "session_id")`,
    );
    await runner.query(`CREATE INDEX "session_started" ON "session" ("started_at", "session_id", "user_id")`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "session"');
  }
}
