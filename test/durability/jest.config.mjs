import { project } from '../../jest.config.mjs';

/** Suites that kill, starve and cut off servers. One at a time: several of them measure how long something takes. */
export default {
  ...project,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/durability/*.test.ts'],
  maxWorkers: 1,
  testTimeout: 60_000,
  globalSetup: '<rootDir>/test/support/database/postgres-setup.mjs',
  globalTeardown: '<rootDir>/test/support/database/postgres-teardown.mjs',
};
