import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The directory that holds package.json: the code runs from src/ in tests and from dist/src/ otherwise. */
export function findRoot(from = __dirname): string {
  try {
    readFileSync(join(from, 'schema.graphql'));
    return from;
  } catch {
    if (dirname(from) === from) throw new Error('schema.graphql is missing beside package.json');
    return findRoot(dirname(from));
  }
}

export function readVersion(): string {
  const text = readFileSync(join(findRoot(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
