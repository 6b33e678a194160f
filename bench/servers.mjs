import { fileURLToPath } from 'node:url';

const resolve = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Every server of the bench; the first is ours. */
export const servers = [
  {
    name: 'ours',
    title: 'Log Manager',
    script: resolve('../dist/src/main.js'),
    description: 'as `npm start` runs it: Apollo Server on Fastify, TypeORM, the driver sqlite3',
  },
  {
    name: 'bound',
    title: 'Bound',
    script: resolve('servers/bound.mjs'),
    description:
      'no GraphQL and no validation: node:http, better-sqlite3, one commit for all that arrives until a turn of the event loop brings no more, entries rendered as JSON by SQLite',
  },
  {
    name: 'mercurius',
    title: 'Mercurius + JIT',
    script: resolve('servers/mercurius.mjs'),
    description:
      'Mercurius with `jit: 1` on Fastify, prepared statements of better-sqlite3, one transaction a mutation',
  },
  {
    name: 'apollo',
    title: 'Stock Apollo',
    script: resolve('servers/stock-apollo.mjs'),
    description:
      'Apollo Server on Express, TypeORM with `repository.save` and `find`, the driver sqlite3, one save after the other',
  },
];

export const serverNames = servers.map(({ name }) => name);
