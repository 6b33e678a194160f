import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import prettier from 'prettier';
import { servers } from '../servers.mjs';
import { describeMachine, describeVersions } from './machine.mjs';

const file = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));
const peers = servers.map(({ title, description }) => `- **${title}**: ${description}`).join('\n');

const introduction = `# Benchmarks

This file is written by the bench itself:

\`\`\`sh
npm run bench -- --write-docs          # Log Manager against its peers
npm run bench -- --grow --write-docs   # Log Manager on 10,000,000 entries
npm run bench -- --short               # a minute and a half, to see that every answer is right
\`\`\`

Every server is a process of its own on a fresh SQLite file (WAL, \`synchronous=FULL\`: what is acknowledged is on disk) with
the same columns and indexes. All resolve to the same versions of graphql-js, Apollo Server, TypeORM and Fastify.

${peers}

Each is given the same 40,000 entries through its own door, and is then driven by autocannon on the same machine, one
server after the other, in an order that changes from round to round:

- **w20**, **w1**: \`recordSession\` with 20 actions or 1, 32 connections. Sessions are new ones, at times that go up.
- **r20**, **r200**, **r1000**: \`logs\` over ranges that hold so many entries, all five fields, 16 connections.

Every query's entries are compared with what was recorded, by count and checksum, before it is timed; while it is timed,
every answer must be the one found right (long ones: as long as it). Afterwards the database files are opened: each
session must be whole, and each acknowledged one must be there. One wrong answer fails the bench.`;

const titles = { speed: 'Against its peers', growth: 'On a full store' };

/**
 * Writes one section of docs/benchmarks.md, and leaves the other one as it is.
 * @param section speed or growth
 */
export async function writeDocument(section, report) {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const parts = Object.keys(titles).map((name) =>
    name === section
      ? mark(name, `## ${titles[name]}\n\n${describeRun()}\n\n${report}`)
      : (new RegExp(`${begin(name)}.*?${end(name)}`, 's').exec(before)?.[0] ?? ''),
  );
  const options = await prettier.resolveConfig(file);
  const text = [introduction, ...parts].join('\n\n');
  writeFileSync(file, await prettier.format(text, { ...options, filepath: file }));
  console.log('Wrote docs/benchmarks.md.');
}

function describeRun() {
  const date = new Date().toISOString().slice(0, 10);
  return `Run on ${date}, on ${describeMachine()}, with ${describeVersions()}.`;
}

const begin = (name) => `<!-- begin ${name} -->`;
const end = (name) => `<!-- end ${name} -->`;
const mark = (name, text) => `${begin(name)}\n\n${text}\n\n${end(name)}`;
