// Prepares a clone: installs if the lock file has changed, builds if the sources have changed. Writes to standard error
// only, since scripts that import this one print results on standard output, such as a new key.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { refuseArguments } from './arguments.mjs';

const needs =
  'Compiling the SQLite driver needs python3, make and g++. On Debian or Ubuntu: apt-get install python3 make g++';
/** Compiling the SQLite driver takes minutes, and npm prints nothing meanwhile. */
const progressMs = 10_000;
const script = fileURLToPath(import.meta.url);
const root = dirname(dirname(script));

// The arguments of a script that imports this one are not ours.
if (realpathSync(process.argv[1]) === script) {
  refuseArguments(`Usage: node scripts/setup.mjs

Installs dependencies if package-lock.json has changed, and builds if the sources have.`);
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Log Manager needs Node 20.19 or newer; this is ${process.version}. See https://nodejs.org.`);
}

await prepare('node_modules/.setup-stamp', ['package.json', 'package-lock.json'], async () => {
  console.error('Installing dependencies (a minute or two the first time) …');
  // Not `npm ci`: it refuses a lock file without the optional packages of other platforms.
  // `--include=dev`: the build needs the compiler, which npm omits if NODE_ENV is production.
  const status = await run('npm', [
    'install',
    '--include=dev',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]);
  if (status !== 0) {
    // The usual cause: sqlite3 has no prebuilt binary for this system and cannot be compiled.
    fail(`npm install failed: see its output above. If sqlite3 is the cause: ${needs}`);
  }
  if (!sqliteLoads()) {
    console.error('The prebuilt SQLite driver does not load on this system. Compiling it (about a minute) …');
    await run('npm', ['rebuild', 'sqlite3', '--build-from-source', '--loglevel=error']);
    if (!sqliteLoads()) fail(`The SQLite driver (sqlite3) could not be compiled. ${needs}`);
  }
});

const sources = ['tsconfig.json', 'tsconfig.build.json', 'ormconfig.ts', 'src'];
await prepare('dist/.setup-stamp', sources, async () => {
  console.error('Building …');
  if ((await run('npx', ['--no-install', 'tsc', '-p', 'tsconfig.build.json'])) !== 0) {
    fail('The build failed.');
  }
});

/** Does the work if one of the files, or Node's version, has changed since the last time. */
async function prepare(stampPath, paths, work) {
  const stamp = join(root, stampPath);
  const hash = createHash('sha256').update(process.version);
  for (const path of paths) hashPath(hash, join(root, path));
  const digest = hash.digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  await work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}

function hashPath(hash, path) {
  const entries = statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true, withFileTypes: true })
    : undefined;
  const files = entries
    ? entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
    : [path];
  for (const file of files) hash.update(relative(root, file)).update(readFileSync(file));
}

function sqliteLoads() {
  const { status } = spawnSync(process.execPath, ['-e', 'require("sqlite3")'], { cwd: root });
  return status === 0;
}

/** Runs a program in the project's root, and says every 10 seconds that it still runs. Returns its exit code. */
async function run(command, args) {
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['inherit', process.stderr, 'inherit'],
    shell: process.platform === 'win32',
  });
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    console.error(`… still running: ${command} ${args[0]} (${seconds} s)`);
  }, progressMs);
  try {
    return await new Promise((resolve, reject) => child.on('error', reject).on('exit', resolve));
  } finally {
    clearInterval(timer);
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
