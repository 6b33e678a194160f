import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../install.mjs';
import { makeDirectory } from '../tools/cleanup.mjs';

/**
 * Builds a commit in a temporary directory, with its own compiler and packages.
 * @param commit any revision that git accepts
 * @returns { name, script }: short hash of the commit and path of its main module
 */
export function buildCommit(commit) {
  const name = findCommit(commit);
  console.log(`Building ${name} …`);
  const { path } = makeDirectory();
  const archive = run('git', ['archive', '--format=tar', name], { cwd: root });
  run('tar', ['-xf', '-'], { cwd: path, input: archive });
  // Linking the packages of this checkout saves an installation of a minute or more.
  if (existsSync(join(root, 'node_modules')) && samePackages(path, root)) {
    symlinkSync(join(root, 'node_modules'), join(path, 'node_modules'), 'junction');
    run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
      cwd: path,
    });
  } else {
    run(process.execPath, ['scripts/setup.mjs'], { cwd: path });
  }
  return { name, script: join(path, 'dist/src/main.js') };
}

/** The short hash of the commit that is checked out, followed by "-dirty" if files differ from it. */
export function describeCheckout() {
  return run('git', ['describe', '--always', '--dirty', '--exclude=*'], { cwd: root }).toString().trim();
}

/** @returns the short hash of a commit; ends the process if there is no such commit */
function findCommit(commit) {
  const args = ['rev-parse', '--short', '--verify', '--quiet', '--end-of-options'];
  const { status, stdout } = spawnSync('git', [...args, `${commit}^{commit}`], { cwd: root });
  if (status === 0) return stdout.toString().trim();
  console.error(`--against: git does not know the commit "${commit}".`);
  process.exit(2);
}

/** True if two lock files install the same packages, in the same versions, at the same paths. */
function samePackages(...directories) {
  const [one, other] = directories.map((directory) => {
    const { packages } = JSON.parse(readFileSync(join(directory, 'package-lock.json'), 'utf8'));
    // The package at "" is Log Manager itself.
    const installed = Object.entries(packages).filter(([path]) => path !== '');
    return JSON.stringify(installed.map(([path, { version }]) => [path, version]));
  });
  return one === other;
}

/** @returns what the command prints; throws with its output if it fails */
function run(command, args, options) {
  const result = spawnSync(command, args, { maxBuffer: 2 ** 30, ...options });
  if (result.status === 0) return result.stdout;
  const output = result.error?.message ?? `${result.stdout}${result.stderr}`;
  throw new Error(`${command} ${args.join(' ')} failed:\n${output}`);
}
