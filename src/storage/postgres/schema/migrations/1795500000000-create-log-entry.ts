import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Creates the flat table, partitioned by month, and its indexes by user, type, session and time.
 * `keepPartitions` creates partitions ahead of time; the default partition takes entries of other months.
 */
export class CreateLogEntry1795500000000 implements MigrationInterface {
  readonly name = 'CreateLogEntry1795500000000';

  async up(runner: QueryRunner): Promise<void> {
    // Each commit takes a block of 5,000 ids, so that the ids of its entries have no gap when commits
    // overlap; 2^53 are enough for 57 years of 1,000 commits a second.
    await runner.query(`CREATE SEQUENCE "log_entry_id" INCREMENT BY 5000 MAXVALUE 9007199254740991`);
    // The C collation compares bytes, as SQLite does: faster, and the same under every locale.
    await runner.query(`CREATE TABLE "log_entry" (
      "time" timestamptz NOT NULL,
      "id" bigint NOT NULL DEFAULT nextval('log_entry_id'),
      "type" text COLLATE "C" NOT NULL,
      "properties" jsonb NOT NULL,
      "user_id" text COLLATE "C" NOT NULL,
      "session_id" text COLLATE "C" NOT NULL,
      "received_at" timestamptz NOT NULL,
      PRIMARY KEY ("time", "id")
    ) PARTITION BY RANGE ("time")`);
    await runner.query(`CREATE INDEX "log_entry_user_time" ON "log_entry" ("user_id", "time", "id")`);
    await runner.query(`CREATE INDEX "log_entry_type_time" ON "log_entry" ("type", "time", "id")`);
    await runner.query(`CREATE INDEX "log_entry_session_time" ON "log_entry" ("session_id", "time", "id")`);
    await runner.query(`CREATE TABLE "log_entry_default" PARTITION OF "log_entry" DEFAULT`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "log_entry"');
    await runner.query('DROP SEQUENCE "log_entry_id"');
  }
}
