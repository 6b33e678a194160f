import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Finds the directory of package.json and schema.graphql. Its depth differs: tests run the code in src/,
 * everything else the build in dist/src/.
 */
export function findRoot(from = __dirname): string {
  if (existsSync(join(from, 'schema.graphql'))) return from;
  if (dirname(from) === from) throw new Error('schema.graphql is missing: it must be next to package.json');
  return findRoot(dirname(from));
}

/** The version in package.json. */
export function readVersion(): string {
  const text = readFileSync(join(findRoot(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
