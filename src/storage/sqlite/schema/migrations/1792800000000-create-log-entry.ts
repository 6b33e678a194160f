import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the flat table, and the indexes of `logs` by user, by type and by time. */
export class CreateLogEntry1792800000000 implements MigrationInterface {
  readonly name = 'CreateLogEntry1792800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE "log_entry" (
      "id" integer PRIMARY KEY AUTOINCREMENT NOT NULL,
      "time" integer NOT NULL,
      "type" text NOT NULL,
      "properties" text NOT NULL,
      "user_id" text NOT NULL,
      "session_id" text NOT NULL,
      "received_at" integer NOT NULL
    )`);
    await runner.query(`CREATE INDEX "log_entry_user_time" ON "log_entry" ("user_id", "time")`);
    await runner.query(`CREATE INDEX "log_entry_type_time" ON "log_entry" ("type", "time")`);
    await runner.query(`CREATE INDEX "log_entry_time" ON "log_entry" ("time")`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "log_entry"');
  }
}
