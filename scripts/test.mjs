// Runs Jest: `npm test`; with --all first, `npm run test:all`; with --load first, `npm run test:load`; with --rest first,
// the suites of `npm run test:all` that do more there than in `npm test`.
// Writes the results as JSON into the directory TEST_RESULTS if it is set.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync, readFileSync, statfsSync } from 'node:fs';
import { join, sep } from 'node:path';
import { onBothInAll, onlyInAll } from '../jest.config.mjs';
import './thread-pool.cjs';

const jest = 'node_modules/jest/bin/jest.js';
const [mode] = process.argv.slice(2);
const all = ['main', 'durability', 'cluster', 'browser', 'examples'];
const suites = { '--all': all, '--rest': all, '--load': ['load'] }[mode];
const args = process.argv.slice(suites ? 3 : 2);
const environment = { ...process.env };
if (mode === '--all' || mode === '--rest') environment.TEST_ALL = '1';

let status = 0;
for (const suite of suites ?? ['main']) {
  const isMain = suite === 'main';
  const config = isMain ? [] : ['--config', `test/${suite}/jest.config.mjs`];
  const files = isMain && mode === '--rest' ? findScaledSuites() : [];
  const results = process.env.TEST_RESULTS;
  const output = results ? ['--json', `--outputFile=${join(results, `${suite}.json`)}`] : [];
  // The durability suites need a file system that can be full, slow and synced.
  const temporary = isMain ? memoryDirectory() : undefined;
  const env = temporary ? { ...environment, TMPDIR: temporary } : environment;
  // Workers inherit the option. Two of them and the servers under test leave no core for threads that collect garbage:
  // without those, a suite takes 8 % less CPU time.
  const node = ['--single-threaded-gc', jest];
  const run = spawnSync(process.execPath, [...node, ...config, ...output, ...args, ...files], {
    stdio: 'inherit',
    env,
  });
  status ||= run.status ?? 1;
}
process.exit(status);

/** A directory in memory with space for all test databases: SQLite and PostgreSQL spend a fifth of the time in syncs. */
function memoryDirectory() {
  const directory = '/dev/shm';
  try {
    accessSync(directory, constants.W_OK);
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize > 3e9 ? directory : undefined;
  } catch {
    return undefined;
  }
}

/** Suites that `npm test` leaves out, and those with more cases in `npm run test:all`: see test/support/scale.ts. */
function findScaledSuites() {
  return readdirSync('test', { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .filter(
      (name) =>
        [...onlyInAll, ...onBothInAll].includes(name.replace(/\.test\.ts$/, '').replaceAll(sep, '/')) ||
        /\/support\/scale|withoutDatabase/.test(readFileSync(join('test', name), 'utf8')),
    )
    .map((name) => join('test', name));
}
