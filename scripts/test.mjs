// Runs every test. What the tests need beyond npm they ask for themselves, in one line, when it is missing.
import { spawnSync } from 'node:child_process';

const jest = 'node_modules/jest/bin/jest.js';
const { status } = spawnSync(process.execPath, [jest, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
