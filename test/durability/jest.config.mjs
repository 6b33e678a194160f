import { project } from '../../jest.config.mjs';

/**
 * Suites that kill, starve and cut off servers. Two at a time: most of them wait, and the times that some measure have
 * limits far above those of a busy machine.
 */
export default {
  ...project,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/durability/*.test.ts'],
  maxWorkers: 2,
  testTimeout: 60_000,
  globalSetup: '<rootDir>/test/support/database/postgres-setup.mjs',
  globalTeardown: '<rootDir>/test/support/database/postgres-teardown.mjs',
};
