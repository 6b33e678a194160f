// Prepares a clone: installs if the lock file has changed, builds if the sources have changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const needs =
  'Compiling the SQLite driver needs python3, make and g++. On Debian or Ubuntu: apt-get install python3 make g++';
const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(
    `Log Manager needs Node 20.19 or newer; this is ${process.version}. See https://nodejs.org.`,
  );
}

once('node_modules/.setup-stamp', ['package.json', 'package-lock.json'], () => {
  console.log('Installing dependencies (a minute or two the first time) …');
  // Not `npm ci`: it refuses a lock file without the optional packages of other platforms.
  const result = run('npm', [
    'install',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]);
  if (result.status !== 0) {
    // The usual cause: sqlite3 has no prebuilt binary for this system and cannot be compiled.
    fail(`npm install failed: see its output above. If sqlite3 is the cause: ${needs}`);
  }
  if (!sqliteLoads()) {
    console.log(
      'The prebuilt SQLite driver does not load on this system. Compiling it (about a minute) …',
    );
    run('npm', ['rebuild', 'sqlite3', '--build-from-source', '--loglevel=error']);
    if (!sqliteLoads()) fail(`The SQLite driver (sqlite3) could not be compiled. ${needs}`);
  }
});

once('dist/.setup-stamp', ['tsconfig.json', 'tsconfig.build.json', 'ormconfig.ts', 'src'], () => {
  console.log('Building …');
  if (run('npx', ['--no-install', 'tsc', '-p', 'tsconfig.build.json']).status !== 0) {
    fail('The build failed.');
  }
});

/** Does the work if one of the files, or Node's version, has changed since the last time. */
function once(stamp, paths, work) {
  const hash = createHash('sha256').update(process.version);
  for (const path of paths) hashPath(hash, path);
  const digest = hash.digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}

function hashPath(hash, path) {
  const entries = path.includes('.')
    ? null
    : readdirSync(path, { recursive: true, withFileTypes: true });
  const files = entries
    ? entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
    : [path];
  for (const file of files) hash.update(file).update(readFileSync(file));
}

function sqliteLoads() {
  return spawnSync(process.execPath, ['-e', 'require("sqlite3")']).status === 0;
}

function run(command, args) {
  return spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
