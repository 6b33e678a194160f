// Prepares a clone: installs if the lock file has changed, builds if the sources have changed. Writes to standard error
// only, since scripts that import this one print results on standard output, such as a new key.
//
// Installs what running needs: `dependencies`, and `optionalDependencies`, with which it builds. With --dev, also
// `devDependencies`, for tests and checks; they are most of the megabytes.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
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
const args = realpathSync(process.argv[1]) === script ? process.argv.slice(2) : [];
refuseArguments(
  `Usage: node scripts/setup.mjs [--dev] [--no-build]

Installs dependencies if package-lock.json has changed, and builds if the sources have.

  --dev       also installs what tests and checks need
  --no-build  does not build`,
  args,
  ['--dev', '--no-build'],
);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Log Manager needs Node 20.19 or newer; this is ${process.version}. See https://nodejs.org.`);
}

const installed = join(root, 'node_modules');
const installStamp = join(installed, '.setup-stamp');
/** The stamp of an installation in progress, with the process id of its setup.mjs. */
const unfinished = /^unfinished (\d+)$/;
const [, installer] = unfinished.exec(readStamp(installStamp) ?? '') ?? [];
if (installer !== undefined) {
  if (isRunning(Number(installer))) {
    fail(
      `Process ${installer} is installing. Try again when it has ended; if it does something else, remove node_modules.`,
    );
  }
  // npm takes a package for whole whose files it was killed while writing.
  console.error('The last installation was interrupted: removing node_modules …');
  rmSync(installed, { recursive: true, force: true });
}

// Jest shows that development dependencies are installed: npm would remove them if they were omitted.
const isDev = args.includes('--dev') || existsSync(join(installed, 'jest'));
const lists = ['package.json', 'package-lock.json'];
await prepare(installStamp, lists, isDev ? 'dev' : '', async () => {
  console.error('Installing dependencies (a minute or two the first time) …');
  writeStamp(installStamp, `unfinished ${process.pid}`);
  // Not `npm ci`: it refuses a lock file without the optional packages of other platforms.
  const status = await run('npm', [
    'install',
    // npm omits them by itself if NODE_ENV is production.
    isDev ? '--include=dev' : '--omit=dev',
    '--include=optional',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]);
  // npm removes what it has begun if it fails, and at Ctrl+C.
  if (status !== null) rmSync(installStamp, { force: true });
  if (status !== 0) {
    // The usual cause: sqlite3 has no prebuilt binary for this system and cannot be compiled.
    fail(`npm install failed: see its output above. If sqlite3 is the cause: ${needs}`);
  }
  if (!sqliteLoads()) {
    console.error('The prebuilt SQLite driver does not load on this system. Compiling it (about a minute) …');
    await run('npm', ['rebuild', 'sqlite3', '--build-from-source', '--loglevel=error']);
    if (!sqliteLoads()) fail(`The SQLite driver (sqlite3) could not be compiled. ${needs}`);
  }
  // npm ignores it if an optional package cannot be downloaded.
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const missing = Object.keys(optionalDependencies).filter(
    (name) => !existsSync(join(installed, name, 'package.json')),
  );
  if (missing.length > 0) fail(`npm could not install ${missing.join(', ')}. Try again.`);
});

const sources = ['tsconfig.json', 'tsconfig.build.json', 'ormconfig.ts', 'src'];
const build = async () => {
  console.error('Building …');
  if ((await run('npx', ['--no-install', 'tsc', '-p', 'tsconfig.build.json'])) !== 0) {
    fail('The build failed.');
  }
};
if (!args.includes('--no-build')) await prepare(join(root, 'dist', '.setup-stamp'), sources, '', build);

/** Does the work if one of the files, the variant or the platform has changed since the work was last finished. */
async function prepare(stamp, paths, variant, work) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch} ${variant}`);
  for (const path of paths) hashPath(hash, join(root, path));
  const digest = hash.digest('hex');
  if (readStamp(stamp) === digest) return;
  rmSync(stamp, { force: true });
  await work();
  writeStamp(stamp, digest);
}

function readStamp(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function writeStamp(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It belongs to another user.
    return error.code === 'EPERM';
  }
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

/**
 * Runs a program in the project's root, and says every 10 seconds that it still runs. Returns its exit code, null if a
 * signal ended it. At Ctrl+C, which the program gets too, waits for it.
 */
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
  const wait = () => {};
  process.on('SIGINT', wait);
  try {
    return await new Promise((resolve, reject) => child.on('error', reject).on('exit', resolve));
  } finally {
    clearInterval(timer);
    process.off('SIGINT', wait);
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
