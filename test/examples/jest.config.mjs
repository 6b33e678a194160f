import { project } from '../../jest.config.mjs';

/** Suites that install the examples as a reader would, compile them, and run them against a server. */
export default {
  ...project,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/examples/*.test.ts'],
  // `npm ci` downloads on its first run.
  testTimeout: 300_000,
  maxWorkers: 2,
};
