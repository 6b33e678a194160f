// A real PostgreSQL for the suites that need one, in a directory that goes when they have run.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEmbeddedPostgres } from '../../../scripts/embedded-postgres.mjs';

export default async function setUp() {
  // Not in the directory itself, which initdb wants to make, and which must belong to the user that PostgreSQL runs as.
  const directory = mkdtempSync(join(tmpdir(), 'log-manager-postgres-'));
  const password = randomUUID();
  const port = await findPort();
  const { EmbeddedPostgres, remove } = await loadEmbeddedPostgres();
  const server = new EmbeddedPostgres({
    databaseDir: directory,
    port,
    password,
    // PostgreSQL does not run as root.
    createPostgresUser: process.getuid?.() === 0,
    persistent: false,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=300'],
    onLog: () => {},
  });
  await server.initialise();
  await server.start();
  process.env.TEST_POSTGRES_URL = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  globalThis.stopTestPostgres = async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
    remove();
  };
}

function findPort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
