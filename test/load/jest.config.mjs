import { project } from '../../jest.config.mjs';

/** Suites that someone runs by hand: soak tests, millions of entries, timings. One at a time. */
export default {
  ...project,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/load/*.test.ts'],
  maxWorkers: 1,
  testTimeout: 3_600_000,
};
