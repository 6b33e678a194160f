/** What all suites have in common. */
export const project = {
  transform: {
    '^.+\\.ts$|/node_modules/temporal-.+\\.js$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: false },
          target: 'es2022',
          keepClassNames: true,
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  // The polyfill of Temporal comes as ES modules only.
  transformIgnorePatterns: ['/node_modules/(?!temporal-)'],
  setupFiles: ['reflect-metadata'],
};

/** @type {import('jest').Config} */
const config = {
  testTimeout: 60_000,
  // Each suite starts servers of its own; two at a time suit two cores.
  maxWorkers: 2,
  projects: [
    {
      ...project,
      displayName: 'SQLite',
      testMatch: ['<rootDir>/test/*.test.ts', '<rootDir>/test/{cli,server,sqlite}/*.test.ts'],
    },
    {
      ...project,
      displayName: 'PostgreSQL',
      testMatch: ['<rootDir>/test/{server,postgres}/*.test.ts'],
      // What is refused, or decided, before the database is asked is tested once, on SQLite.
      testPathIgnorePatterns: [
        '/test/server/(fast-path-http|graphql-http|hostile-documents|http-door|session-rules)\\.test\\.ts$',
      ],
      globals: { testDialect: 'postgres' },
      globalSetup: '<rootDir>/test/support/postgres-setup.mjs',
      globalTeardown: '<rootDir>/test/support/postgres-teardown.mjs',
    },
  ],
};

export default config;
