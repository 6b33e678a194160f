import { describe } from '@jest/globals';
import { execFile, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { report } from '../../support/processes/programs';

const root = join(__dirname, '..', '..', '..');
const notOfTheExample = ['node_modules', 'dist', 'gql'];

/** A suite that installs packages: skipped, with a line that says so, where npm's registry does not answer. */
export function describeInstalled(name: string, suite: () => void): void {
  const { status } = spawnSync('npm', ['ping', '--fetch-retries=2', '--fetch-retry-mintimeout=1000']);
  if (status === 0) return describe(name, suite);
  report(`skipped: ${name}: npm's registry does not answer`);
  describe.skip(name, suite);
}

export interface Example {
  readonly directory: string;
  /** Runs a program in the example's directory, and returns its standard output. */
  run(command: string, args: readonly string[], environment?: Record<string, string>): Promise<string>;
  remove(): void;
}

/** Copies an example to a directory of its own, with the schema two directories up as in a clone. */
export function copyExample(name: string): Example {
  const clone = mkdtempSync(join(tmpdir(), 'log-manager-example-'));
  const directory = join(clone, 'examples', name);
  cpSync(join(root, 'schema.graphql'), join(clone, 'schema.graphql'));
  cpSync(join(root, 'examples', name), directory, {
    recursive: true,
    filter: (path) => !notOfTheExample.includes(basename(path)),
  });
  return {
    directory,
    run: async (command, args, environment = {}) => {
      const { stdout } = await promisify(execFile)(command, args, {
        cwd: directory,
        env: { ...process.env, ...environment },
      }).catch((error: unknown) => {
        const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
        throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
      });
      return stdout;
    },
    remove: () => rmSync(clone, { recursive: true }),
  };
}

/** Installs exactly the packages of the example's lock file. */
export async function install(example: Example): Promise<void> {
  await example.run('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']);
}

/**
 * Compiles lines of TypeScript beside the example's sources, after lines that are right.
 * Returns the codes of the errors of each line, such as `TS2322`.
 */
export async function compileLines(
  example: Example,
  before: readonly string[],
  lines: readonly string[],
): Promise<readonly (readonly string[])[]> {
  const file = join('src', 'lines.ts');
  writeFileSync(join(example.directory, file), [...before, ...lines, ''].join('\n'));
  try {
    const output = await example
      .run('npx', ['--no-install', 'tsc', '--noEmit', '--pretty', 'false'])
      .catch((error: unknown) => (error as Error).message);
    const errors = [...output.matchAll(/^src\/(\S+)\((\d+),\d+\): error (TS\d+)/gm)];
    const elsewhere = errors.filter(([, name]) => name !== 'lines.ts');
    if (elsewhere.length > 0 || (errors.length === 0 && output !== '')) throw new Error(output);
    return lines.map((_line, at) =>
      errors.filter(([, , line]) => Number(line) === before.length + at + 1).map(([, , , code]) => code!),
    );
  } finally {
    rmSync(join(example.directory, file));
  }
}

export function readGenerated(example: Example): string {
  return readFileSync(join(example.directory, 'src', 'gql', 'graphql.ts'), 'utf8');
}
