import { project } from '../../jest.config.mjs';

/**
 * Suites that take minutes and need PostgreSQL's and HAProxy's own programs. Three at a time: each is a whole cluster,
 * and mostly waits. One at a time used less than a quarter of two cores.
 */
export default {
  ...project,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/cluster/*.test.ts'],
  maxWorkers: 3,
};
