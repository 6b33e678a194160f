import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the order of commits, the epoch of its positions, and the notices of erasures: docs/adr/0013. */
export class CreateFeed1795790000000 implements MigrationInterface {
  readonly name = 'CreateFeed1795790000000';

  async up(runner: QueryRunner): Promise<void> {
    // A constant default changes no row. Entries that are there come first, in the order of their ids.
    await runner.query('ALTER TABLE "log_entry" ADD COLUMN "commit_id" bigint NOT NULL DEFAULT 0');
    // A default, so that instances of the version before write it too. `takeEpoch` adds an offset.
    const commitId = 'pg_current_xact_id()::text::bigint + 0';
    await runner.query(`ALTER TABLE "log_entry" ALTER COLUMN "commit_id" SET DEFAULT ${commitId}`);
    await runner.query(`CREATE INDEX "log_entry_commit" ON "log_entry" ("commit_id", "id")`);
    // A notice is the only row of its transaction: its id only makes its position like that of an entry.
    await runner.query(`CREATE TABLE "erasure" (
      "commit_id" bigint PRIMARY KEY DEFAULT ${commitId},
      "id" bigint NOT NULL DEFAULT 0,
      "user_id" text COLLATE "C" NOT NULL,
      "session_id" text COLLATE "C",
      "erased_at" timestamptz NOT NULL,
      "is_finished" boolean NOT NULL DEFAULT false
    )`);
    // One row. A restored or copied database has another identity, so that the next start changes the epoch.
    await runner.query(`CREATE TABLE "feed" (
      "epoch" text COLLATE "C" NOT NULL,
      "system_identifier" text COLLATE "C",
      "database_oid" bigint NOT NULL,
      "commit_offset" bigint NOT NULL
    )`);
    // The same function with another bound. The first one stays for retention, and for the version before.
    await runner.query(`DO $$ BEGIN
      EXECUTE replace(replace(replace(pg_get_functiondef('erase_entries'::regproc),
        'erase_entries', 'erase_committed'),
        'entry.id <= last_id', 'entry.commit_id < end_commit'),
        'last_id bigint', 'end_commit bigint');
    END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION "erase_committed"');
    await runner.query('DROP TABLE "feed"');
    await runner.query('DROP TABLE "erasure"');
    await runner.query('ALTER TABLE "log_entry" DROP COLUMN "commit_id"');
  }
}
