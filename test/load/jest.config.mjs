import { join } from 'node:path';
import { project } from '../../jest.config.mjs';

const rootDir = join(import.meta.dirname, '..', '..');
const testTimeout = 3_600_000;

/** Suites that someone runs by hand: soak tests, millions of entries, timings. One at a time. */
export default {
  rootDir,
  maxWorkers: 1,
  testTimeout,
  projects: [
    { ...project, rootDir, displayName: 'SQLite', testMatch: ['<rootDir>/test/load/*.test.ts'] },
    {
      ...project,
      rootDir,
      displayName: 'PostgreSQL',
      testMatch: [
        '<rootDir>/test/load/{erasing,event-loop,everything,export,feed*,pressure,slow-clients}.test.ts',
      ],
      globals: { testDialect: 'postgres' },
      globalSetup: '<rootDir>/test/load/support/postgres-setup.mjs',
      globalTeardown: '<rootDir>/test/support/database/postgres-teardown.mjs',
    },
  ],
};
