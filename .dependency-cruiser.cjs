/** Which rooms of src/ a room may import, besides itself. docs/architecture.md draws the same. */
const rooms = {
  main: ['app', 'cli', 'config', 'package-root', 'telemetry', 'thread-pool'],
  cli: ['config', 'logs', 'package-root', 'storage', 'thread-pool'],
  config: ['ipv6'],
  telemetry: [],
  logs: [],
  graphql: ['logs'],
  http: ['graphql', 'ipv6', 'logs', 'telemetry'],
  storage: ['logs', 'telemetry'],
};

/** Which folders of a room a folder may import, besides itself and the files that the room has at its top. */
const folders = {
  'logs/model': [],
  'logs/validation': ['model'],
  'logs/access': ['model', 'filtering'],
  'logs/filtering': ['model', 'validation'],
  'logs/recording': ['access', 'model', 'validation'],
  'logs/reading': ['model', 'validation', 'filtering'],
  'logs/feed': ['access', 'model', 'validation', 'filtering', 'reading'],
  'logs/erasing': ['access', 'model', 'validation', 'filtering'],
  'graphql/errors': [],
  'graphql/limits': [],
  'graphql/execution': ['errors', 'limits'],
  'graphql/schema': ['execution'],
  'storage/schema': [],
  'storage/sqlite': ['schema'],
  'storage/postgres': ['schema'],
};

/** Which rooms may import a library that shapes the code around it. */
const libraries = {
  fastify: ['http'],
  '@fastify/': ['http'],
  '@as-integrations/': ['http'],
  'graphql-ws': ['http/streams'],
  ws: ['http/streams'],
  '@apollo/': ['http', 'graphql'],
  graphql: ['graphql'],
  'class-validator': ['logs'],
  typeorm: ['storage'],
  sqlite3: ['storage/sqlite'],
  pg: ['storage/postgres'],
  pino: ['telemetry'],
  'prom-client': ['telemetry'],
  commander: ['cli'],
  'eventsource-parser': ['cli'],
};

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'nothing-imports-main',
      severity: 'error',
      comment: 'main.ts and cli/main.ts run; everything else only exports.',
      from: {},
      to: { path: '^src/(cli/)?main' },
    },
    ...Object.entries(rooms).map(([room, allowed]) => ({
      name: `${room}-imports`,
      severity: 'error',
      comment: `src/${room} may import ${[room, ...allowed].join(', ')} only: see docs/architecture.md.`,
      from: { path: `^src/${room}[/.]` },
      to: { path: '^src/', pathNot: `^src/(${[room, ...allowed].join('|')})[/.]` },
    })),
    ...Object.entries(folders).map(([folder, allowed]) => {
      const [room] = folder.split('/');
      const others = [folder, ...allowed.map((name) => `${room}/${name}`)].join('|');
      return {
        name: `${folder.replace('/', '-')}-imports`,
        severity: 'error',
        comment: `Of src/${room}/, src/${folder}/ may import ${allowed.join(', ') || 'no other folder'}: see docs/architecture.md.`,
        from: { path: `^src/${folder}/` },
        to: { path: `^src/${room}/[^/]+/`, pathNot: `^src/(${others})/` },
      };
    }),
    ...Object.entries(libraries).map(([library, allowed]) => ({
      name: `${library}-only-in-${allowed.join('-or-')}`,
      severity: 'error',
      comment: `Only src/${allowed.join('/ and src/')}/ may import ${library}.`,
      from: { path: '^src/', pathNot: `^src/(${allowed.join('|')})/` },
      to: { path: `^node_modules/${library}${library.endsWith('/') ? '' : '/'}` },
    })),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  },
};
