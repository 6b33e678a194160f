import { fileURLToPath } from 'node:url';
import { createMutations } from './tools/create-mutations.mjs';

const resolve = (path) => fileURLToPath(new URL(path, import.meta.url));

const postgraphile =
  'PostGraphile 5 with the Amber preset on node:http, its plans cached, `logs` as an SQL function; it asks for Node 22, and runs on 20 when given `Promise.withResolvers`';
/** This checkout, as the setup script built it. */
export const ours = { name: 'ours', title: 'Log Manager', script: resolve('../dist/src/main.js') };

/** Every server of the bench, with the kind of database it is measured on; the first of each kind is ours. */
export const servers = [
  {
    ...ours,
    database: 'sqlite',
    description: 'as `npm start` runs it: Apollo Server on Fastify, TypeORM, the driver sqlite3',
  },
  {
    name: 'bound',
    database: 'sqlite',
    title: 'Bound',
    script: resolve('servers/bound.mjs'),
    description:
      'no GraphQL and no validation: node:http, better-sqlite3, one commit for all that arrives until a turn of the event loop brings no more, entries rendered as JSON by SQLite',
  },
  {
    name: 'mercurius',
    database: 'sqlite',
    title: 'Mercurius + JIT',
    script: resolve('servers/mercurius.mjs'),
    description:
      'Mercurius with `jit: 1` on Fastify, prepared statements of better-sqlite3, one transaction a mutation',
  },
  {
    name: 'apollo',
    database: 'sqlite',
    title: 'Stock Apollo',
    script: resolve('servers/stock-apollo.mjs'),
    description:
      'Apollo Server on Express, TypeORM with `repository.save` and `find`, the driver sqlite3, one save after the other',
  },
  {
    ...ours,
    database: 'postgres',
    description: 'the same, with DATABASE_URL set and the driver pg',
  },
  {
    name: 'postgraphile',
    database: 'postgres',
    title: 'PostGraphile',
    script: resolve('servers/postgraphile.mjs'),
    recording: createMutations,
    description: `${postgraphile}; a session is a document with a \`createLogEntry\` for each action, each committed on its own`,
  },
  {
    name: 'postgraphile-function',
    database: 'postgres',
    title: 'PostGraphile + SQL',
    // The same server as the one before.
    isInShort: false,
    script: resolve('servers/postgraphile.mjs'),
    description:
      'the same, with an SQL function written for the purpose: it inserts a session in one statement',
  },
];

export const serverNames = [...new Set(servers.map(({ name }) => name))];
