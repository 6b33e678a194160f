// Checks other than tests: format, lint, types, generated files, import rules, unused code.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { refuseArguments } from './arguments.mjs';

refuseArguments(`Usage: npm run check

Checks format, lint, types, generated files, import rules and unused code.`);

const generated = 'src/graphql/schema/generated/resolver-types.ts';
const checks = {
  format: () => run('prettier', '--check', '.'),
  lint: () => run('eslint', '.'),
  types: () => run('tsc', '--noEmit', '-p', 'tsconfig.json'),
  'generated files': () => {
    const before = readFileSync(generated, 'utf8');
    if (!run('graphql-codegen', '--silent', '--config', 'codegen.ts')) return false;
    if (readFileSync(generated, 'utf8') === before) return true;
    console.error(`${generated} did not match schema.graphql. It was regenerated: commit it.`);
    return false;
  },
  'import rules': () => run('depcruise', 'src', 'ormconfig.ts', '--output-type', 'err-long'),
  'unused code': () => run('knip'),
};

const failed = [];
for (const [name, check] of Object.entries(checks)) {
  console.log(`── ${name}`);
  if (!check()) failed.push(name);
}
const passed = Object.keys(checks).length - failed.length;
if (failed.length > 0) console.error(`Failed: ${failed.join(', ')}`);
console.log(`Checks: ${passed} passed, ${failed.length} failed`);
process.exit(failed.length > 0 ? 1 : 0);

function run(tool, ...args) {
  const { status } = spawnSync('npx', ['--no-install', tool, ...args], { stdio: 'inherit' });
  return status === 0;
}
