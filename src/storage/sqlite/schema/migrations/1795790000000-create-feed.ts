import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Creates the epoch of the feed, and the notices of erasures: see docs/adr/0013. A notice takes the next id of the
 * entries, in the statement that inserts it. Instances of the version before go on recording and erasing beside this
 * one; they write no notices.
 */
export class CreateFeed1795790000000 implements MigrationInterface {
  readonly name = 'CreateFeed1795790000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE "feed" ("epoch" text PRIMARY KEY NOT NULL) WITHOUT ROWID`);
    await runner.query(`INSERT INTO "feed" VALUES (lower(hex(randomblob(8))))`);
    await runner.query(`CREATE TABLE "erasure" (
      "id" integer PRIMARY KEY NOT NULL,
      "user_id" text NOT NULL,
      "session_id" text,
      "erased_at" integer NOT NULL,
      "is_finished" integer NOT NULL
    )`);
    await runner.query(`CREATE TRIGGER "take_id" AFTER INSERT ON "erasure" BEGIN
      UPDATE sqlite_sequence SET seq = NEW.id WHERE name = 'log_entry';
      INSERT INTO sqlite_sequence SELECT 'log_entry', NEW.id WHERE changes() = 0;
    END`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "erasure"');
    await runner.query('DROP TABLE "feed"');
  }
}
