// Checks other than tests: format, lint, types, generated files, import rules, unused code.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { refuseArguments } from './arguments.mjs';

refuseArguments(`Usage: npm run check

Checks format, lint, types, generated files, import rules and unused code.`);

const generated = 'src/graphql/schema/generated/resolver-types.ts';
const checks = {
  format: (run) => run('prettier', '--check', '.'),
  lint: (run) => run('eslint', '.'),
  types: (run) => run('tsc', '--noEmit', '-p', 'tsconfig.json'),
  'generated files': async (run, say) => {
    const before = readFileSync(generated, 'utf8');
    if (!(await run('graphql-codegen', '--silent', '--config', 'codegen.ts'))) return false;
    if (readFileSync(generated, 'utf8') === before) return true;
    say(`${generated} did not match schema.graphql. It was regenerated: commit it.\n`);
    return false;
  },
  'import rules': (run) => run('depcruise', 'src', 'ormconfig.ts', '--output-type', 'err-long'),
  'unused code': (run) => run('knip'),
};

// Lint takes about as long as all others together.
const { lint, ...others } = checks;
const failed = (await Promise.all([runChecks({ lint }), runChecks(others)])).flat();
const passed = Object.keys(checks).length - failed.length;
if (failed.length > 0) console.error(`Failed: ${failed.join(', ')}`);
console.log(`Checks: ${passed} passed, ${failed.length} failed`);
process.exit(failed.length > 0 ? 1 : 0);

/** Runs checks one after another, prints the output of each when it has ended, and returns the names of those that failed. */
async function runChecks(named) {
  const failed = [];
  for (const [name, check] of Object.entries(named)) {
    let output = '';
    const say = (text) => (output += text);
    if (!(await check((...command) => run(command, say), say))) failed.push(name);
    process.stdout.write(`── ${name}\n${output}`);
  }
  return failed;
}

async function run(command, say) {
  const child = spawn('npx', ['--no-install', ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', say);
  const [status] = await once(child, 'close');
  return status === 0;
}
