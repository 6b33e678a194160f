// A PostgreSQL for the load suites. Its files stay, and so do databases that took minutes to fill: see filled-database.ts.
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../support/database/postgres-setup.mjs';

/** Settings that production servers usually raise. */
const settings = { shared_buffers: '256MB', max_wal_size: '4GB' };

export default async function setUp() {
  const directory = join(tmpdir(), 'log-manager-load-postgres');
  mkdirSync(directory, { recursive: true });
  globalThis.stopTestPostgres = await startPostgres({ directory, password: 'load', settings });
}
