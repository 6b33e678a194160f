import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onCleanUp } from '../../support/processes/children';

/** Where a server keeps its entries. */
export interface SqliteFile {
  readonly directory: string;
  readonly path: string;
  /** The DATABASE_URL. */
  readonly url: string;
}

/** In a directory of its own, which goes when the suite ends. */
export function newSqliteFile(): SqliteFile {
  const directory = mkdtempSync(join(tmpdir(), 'log-manager-durability-'));
  onCleanUp(async () => rmSync(directory, { recursive: true, force: true }));
  return sqliteFileIn(directory);
}

export function sqliteFileIn(directory: string): SqliteFile {
  const path = join(directory, 'test.sqlite');
  return { directory, path, url: `sqlite:${path}` };
}
