import { project } from '../../jest.config.mjs';

/** Suites that take minutes and need PostgreSQL's and HAProxy's own programs. One at a time: each is a whole cluster. */
export default {
  ...project,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/cluster/*.test.ts'],
  maxWorkers: 1,
};
