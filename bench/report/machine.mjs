import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';

const root = ['@apollo/server', 'fastify', 'graphql', 'sqlite3', 'typeorm'];
const bench = ['autocannon', 'better-sqlite3', 'express', 'graphql-jit', 'mercurius'];

export function describeMachine() {
  const cores = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${cores.length} cores of ${cores[0].model.trim()}, ${gigabytes} GiB of memory, ${type()} ${release().match(/^[\d.]*\d/)?.[0]}`;
}

/** Node and the packages that matter, as they are installed. */
export function describeVersions() {
  const packages = [
    ...root.map((name) => [name, `../../node_modules/${name}`]),
    ...bench.map((name) => [name, `../node_modules/${name}`]),
  ].map(([name, path]) => {
    const file = new URL(`${path}/package.json`, import.meta.url);
    return `${name} ${JSON.parse(readFileSync(file, 'utf8')).version}`;
  });
  return [`Node ${process.versions.node}`, ...packages].join(', ');
}
