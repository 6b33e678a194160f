// Starts the server on another version of Node and runs the SQLite suites there that depend on Node:
// `node scripts/test-on-node.mjs 22`.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { answerHelp, refuse } from './arguments.mjs';

const usage = `Usage: node scripts/test-on-node.mjs <major version of Node> [options of Jest]

Starts the server on another version of Node and runs the SQLite suites there that depend on Node.`;
answerHelp(usage);

/**
 * Suites that depend on the language only, or on files: what Node gives the server, such as HTTP, streams, signals,
 * compression, threads, time zones and the SQLite driver, is in all others.
 */
const sameOnEveryNode = [
  '/test/(config|deploy|docs)/',
  '/test/graphql/(errors|limits|schema)/',
  '/test/graphql/execution/(operations|reference|variables)[^/]*$',
  '/test/logs/(feed|filtering|recording|validation)/',
  '/test/logs/erasing/(deletion|eraser|retention)',
  '/test/logs/reading/(click-map|entry-page|histogram)',
  '/test/storage/[^/]*$',
];

const [major, ...args] = process.argv.slice(2);
if (!/^\d+$/.test(major)) refuse('the major version of Node is missing, such as 22', usage);
const directory = mkdtempSync(join(tmpdir(), 'log-manager-node-'));
try {
  const name = `node-${process.platform}-${process.arch}`;
  const options = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  // The runtime for another platform would not start, so that its package is named by platform.
  run('npm', ['install', ...options, '--prefix', directory, `${name}@${major}`], process.env);
  const bin = join(directory, 'node_modules', name, 'bin');
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
  const node = join(bin, 'node');
  run(node, ['--version'], env);
  // Otherwise the first test that runs a script would build while others run what is built.
  run(node, ['scripts/setup.mjs', '--dev'], env);
  await start(node, env);
  const selected = ['--selectProjects', 'SQLite', '--testPathIgnorePatterns', ...sameOnEveryNode];
  run(node, ['scripts/test.mjs', ...selected, ...args], env);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function run(command, args, env) {
  const { status } = spawnSync(command, args, { stdio: 'inherit', env });
  if (status !== 0) {
    rmSync(directory, { recursive: true, force: true });
    process.exit(status ?? 1);
  }
}

/** Starts the server, waits until it serves, asks it whether it is ready, and stops it. */
async function start(node, env) {
  const server = spawn(node, ['dist/src/main.js'], {
    env: { ...env, PORT: '0', DATABASE_URL: 'sqlite::memory:', LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const text of server.stdout.setEncoding('utf8')) {
    output += text;
    const url = /serves (http:\/\/[^/\s]+)\//.exec(output)?.[1];
    if (url === undefined) continue;
    const { status } = await fetch(`${url}/readyz`);
    console.log(`The server on Node ${major} answers /readyz with ${status}.`);
    server.kill('SIGTERM');
    break;
  }
  const [code] = await new Promise((resolve) => server.once('close', (...ended) => resolve(ended)));
  if (code !== 0) throw new Error(`The server on Node ${major} ended with ${code}:\n${output}`);
}
