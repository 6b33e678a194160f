// Checks console/, whose packages only its developers and .ci/run install.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { refuseArguments } from './arguments.mjs';

refuseArguments(`Usage: npm run check:console

Installs the packages of console/, and checks its types, lint, unused code, and that console/dist is what it builds.`);

const root = join(import.meta.dirname, '..');
const directory = join(root, 'console');
const generated = join(directory, 'src', 'gql');
const before = contents(generated);
const built = mkdtempSync(join(tmpdir(), 'console-'));
const failed = [];
if (
  run('install', 'npm', 'ci', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error') &&
  run('types', 'npm', 'run', '--silent', 'check')
) {
  report('generated types', 'console/src/gql', before, contents(generated));
  run('lint', join(root, 'node_modules', '.bin', 'eslint'), '.');
  run('unused code', join(root, 'node_modules', '.bin', 'knip'));
  if (run('build', 'npx', '--no-install', 'vite', 'build', '--outDir', built, '--logLevel', 'warn')) {
    report('built files', 'console/dist', contents(join(directory, 'dist')), contents(built));
  }
}
rmSync(built, { recursive: true });
if (failed.length > 0) console.error(`Failed: ${failed.join(', ')}`);
process.exit(failed.length > 0 ? 1 : 0);

function run(name, command, ...args) {
  const { status } = spawnSync(command, args, { cwd: directory, stdio: 'inherit' });
  if (status !== 0) failed.push(name);
  return status === 0;
}

/** Fails if the committed files are not those that were made now. */
function report(name, path, committed, made) {
  const names = new Set([...committed.keys(), ...made.keys()]);
  const differing = [...names].filter((file) => committed.get(file) !== made.get(file));
  if (differing.length === 0) return;
  console.error(`${path} differs from its sources in ${differing.join(', ')}.`);
  console.error('Run `npm run build` in console/, and commit what it writes.');
  failed.push(name);
}

/** The files of a directory, by name. */
function contents(from) {
  const files = readdirSync(from, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  return new Map(paths.map((path) => [relative(from, path), readFileSync(path, 'base64')]));
}
