import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Drops the index of sessions by user: see docs/adr/0011. `secure_delete` overwrites its pages, which later
 * entries use.
 */
export class DropSessionUserStarted1795780000000 implements MigrationInterface {
  readonly name = 'DropSessionUserStarted1795780000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX "session_user_started"');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX "session_user_started" ON "session" ("user_id", "started_at")`);
  }
}
