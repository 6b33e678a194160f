import { fileURLToPath } from 'node:url';
import { createMutations } from './tools/create-mutations.mjs';

const resolve = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Log Manager as the setup script built it from this checkout. */
export const ours = { name: 'ours', title: 'Log Manager', script: resolve('../dist/src/main.js') };

/** All servers and the kind of database of each; the first server of each kind is Log Manager. */
export const servers = [
  {
    ...ours,
    database: 'sqlite',
  },
  {
    name: 'bound',
    database: 'sqlite',
    title: 'Bound',
    script: resolve('servers/bound.mjs'),
  },
  {
    name: 'mercurius',
    database: 'sqlite',
    title: 'Mercurius + JIT',
    script: resolve('servers/mercurius.mjs'),
  },
  {
    name: 'apollo',
    database: 'sqlite',
    title: 'Stock Apollo',
    script: resolve('servers/stock-apollo.mjs'),
  },
  {
    ...ours,
    database: 'postgres',
  },
  {
    name: 'postgraphile',
    database: 'postgres',
    title: 'PostGraphile',
    script: resolve('servers/postgraphile.mjs'),
    recording: createMutations,
  },
  {
    name: 'postgraphile-function',
    database: 'postgres',
    title: 'PostGraphile + SQL',
    // Runs the same code as the server above, so --short skips it.
    isInShort: false,
    script: resolve('servers/postgraphile.mjs'),
  },
];

export const serverNames = [...new Set(servers.map(({ name }) => name))];
