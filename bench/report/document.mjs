import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import prettier from 'prettier';
import { describeMachine, describeVersions } from './machine.mjs';

const file = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));

/** Titles by section and kind of database. */
const titles = {
  speed: { sqlite: 'Against its peers', postgres: 'On PostgreSQL' },
  growth: { sqlite: 'On a full database', postgres: 'On a full database on PostgreSQL' },
};

/**
 * Replaces one section of docs/benchmarks.md, between its two marks, and keeps all other text.
 * @param section "speed" or "growth"
 * @param kind kind of database
 */
export async function writeDocument(section, kind, report) {
  const mark = kind === 'sqlite' ? section : `${section} on ${kind}`;
  const [begin, end] = [`<!-- begin ${mark} -->`, `<!-- end ${mark} -->`];
  const before = readFileSync(file, 'utf8');
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md must contain ${begin} and ${end}.`);
  const written = [begin, `## ${titles[section][kind]}`, describeRun(kind), report, end].join('\n\n');
  const text = before.slice(0, from) + written + before.slice(to + end.length);
  const options = await prettier.resolveConfig(file);
  writeFileSync(file, await prettier.format(text, { ...options, filepath: file }));
  console.log('Wrote docs/benchmarks.md.');
}

function describeRun(kind) {
  const date = new Date().toISOString().slice(0, 10);
  return `Run on ${date}, on ${describeMachine()}, with ${describeVersions(kind)}.`;
}
