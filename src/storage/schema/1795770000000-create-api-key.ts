import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Creates the keys of clients, in both databases: see docs/adr/0010. Times are texts in RFC 3339, since no query
 * compares them.
 */
export class CreateApiKey1795770000000 implements MigrationInterface {
  readonly name = 'CreateApiKey1795770000000';

  async up(runner: QueryRunner): Promise<void> {
    // SQLite compares bytes anyway.
    const collation = runner.connection.options.type === 'postgres' ? 'COLLATE "C"' : '';
    await runner.query(`CREATE TABLE "api_key" (
      "name" text ${collation} PRIMARY KEY NOT NULL,
      "digest" text NOT NULL UNIQUE,
      "prefix" text NOT NULL,
      "scopes" text NOT NULL,
      "user_id" text,
      "origins" text,
      "is_public" text,
      "rate_per_second" text,
      "created_at" text NOT NULL,
      "expires_at" text,
      "revoked_at" text,
      "last_used_at" text
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "api_key"');
  }
}
