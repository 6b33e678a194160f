import { project } from '../../jest.config.mjs';

/** Suites that need Chromium. */
export default {
  ...project,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
  testTimeout: 60_000,
  maxWorkers: 1,
};
