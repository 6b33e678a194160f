/** Options that all suites share. */
export const project = {
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
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

/** Whether `npm run test:all` runs, or a part of it. */
const isAll = process.env.TEST_ALL === '1';

/** Suites that `npm test` leaves out, for its four minutes: they take long, or ask little there. Without globs. */
export const onlyInAll = [
  'cli/backup',
  'cli/check',
  'cli/first-start',
  'cli/restore',
  'cli/tail',
  'deploy/container-start',
  'deploy/deploy',
  'end-to-end/feed',
  'http/apollo-suite',
  'http/auth/bound-key',
  'http/auth/public-key',
  'http/malformed/malformed',
  'http/sending/stalled-clients',
  'http/streams/hostile',
  'storage/copy',
  'storage/postgres/contention',
  'storage/postgres/faults',
  'storage/postgres/replica',
];

/** Suites that `npm test` runs on SQLite only. Without globs. */
export const onBothInAll = ['end-to-end/log-privacy', 'end-to-end/process'];

/** Suites that start servers or open repositories, and so run once with each database. */
const onBoth = [
  'end-to-end/{concurrency,feed,round-trip,web-sessions}',
  ...(isAll ? onBothInAll : []),
  'graphql/errors/*',
  'graphql/execution/{one-request,operations,query-process,reference,subscriptions}',
  'http/auth/last-key',
  'http/{auth/bound-key,malformed/malformed}',
  'http/exports/{broken-off,formats}',
  'http/{json-suite,large-pages,rest-pages,rest-route}',
  'logs/erasing/*',
  'logs/reading/{entry-page,histogram-range}',
  'logs/recording/{clock,idempotency}',
  'logs/validation/time',
  'storage/{changes,earlier-versions,repository}',
];

/** Suites about PostgreSQL, and suites that compare it with SQLite. All others run on SQLite only. */
const onPostgresOnly = [
  'http/auth/revocation',
  'logs/filtering/log-filter',
  'logs/reading/histogram',
  'storage/copy',
  'storage/same-answers',
  'storage/postgres/*',
];

const leftOut = (isAll ? [] : onlyInAll).map((suite) => `!**/test/${suite}.test.ts`);
const paths = (suites) => suites.map((suite) => `<rootDir>/test/${suite}.test.ts`);

/** @type {import('jest').Config} */
const config = {
  testTimeout: 60_000,
  // Each suite starts servers of its own; two at a time suit two cores.
  maxWorkers: 2,
  projects: [
    {
      ...project,
      displayName: 'SQLite',
      testMatch: [
        '<rootDir>/test/**/*.test.ts',
        ...['{browser,cluster,durability,examples,load}/**/*', ...onPostgresOnly].map(
          (suite) => `!**/test/${suite}.test.ts`,
        ),
        ...leftOut,
      ],
    },
    {
      ...project,
      displayName: 'PostgreSQL',
      testMatch: [...paths([...onBoth, ...onPostgresOnly]), ...leftOut],
      globals: { testDialect: 'postgres' },
      globalSetup: '<rootDir>/test/support/database/postgres-setup.mjs',
      globalTeardown: '<rootDir>/test/support/database/postgres-teardown.mjs',
    },
  ],
};

export default config;
