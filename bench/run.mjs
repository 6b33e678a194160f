import { buildCommit, describeCheckout } from './compare/build-commit.mjs';
import { compare } from './compare/comparison.mjs';
import { describeDisk } from './compare/disk.mjs';
import { databaseKinds } from './databases/hosts.mjs';
import { measureGrowth } from './grow/measure-growth.mjs';
import { readOptions } from './options.mjs';
import { writeDocument } from './report/document.mjs';
import { reportComparison } from './report/comparison-report.mjs';
import { reportGrowth } from './report/growth-report.mjs';
import { describeMachine, describeVersions } from './report/machine.mjs';
import { reportSpeed } from './report/speed-report.mjs';
import { ours, servers } from './servers.mjs';
import { measureSpeed } from './speed/measure-speed.mjs';
import { WrongAnswer } from './tools/wrong-answer.mjs';

/**
 * Runs the bench and ends the process: with 1 after a wrong answer, or if a load is slower than the commit.
 */
export async function run(args) {
  const options = readOptions(args);
  try {
    const { checked, slower } = await (options.against ? runComparison : runTables)(options);
    console.log(`bench: ${checked.toLocaleString('en')} answers checked, 0 wrong`);
    if (slower.length > 0) console.log(`bench: slower: ${slower.join(', ')}`);
    process.exit(slower.length > 0 ? 1 : 0);
  } catch (error) {
    console.error(error instanceof WrongAnswer ? `Wrong answer: ${error.message}` : error);
    console.log('bench: failed');
    process.exit(1);
  }
}

/** Measures this checkout against the build of a commit. */
async function runComparison(options) {
  const old = buildCommit(options.against);
  const names = { old: `old (${old.name})`, new: `new (${describeCheckout()})` };
  const pair = [
    { ...ours, name: 'old', script: old.script, migrates: true },
    { ...ours, name: 'new', migrates: true },
  ];
  console.log(`${describeMachine()}. ${describeDisk()}`);
  let checked = 0;
  const slower = [];
  for (const kind of options.databases) {
    const { title, openHost } = databaseKinds[kind];
    console.log(`On ${title}, with ${describeVersions(kind)}`);
    const result = await measureSpeed({ ...options, servers: pair, openHost });
    const cells = compare(result.measurements);
    console.log(`\n${reportComparison(cells, names, options)}\n`);
    slower.push(
      ...cells.filter(({ verdict }) => verdict === 'slower').map(({ load }) => `${load} on ${title}`),
    );
    checked += result.checked;
  }
  return { checked, slower };
}

/** Measures Log Manager and its peers, or Log Manager on a full database. */
async function runTables(options) {
  let checked = 0;
  for (const kind of options.databases) {
    const chosen = servers.filter(
      ({ name, database, isInShort = true }) =>
        database === kind && options.servers.includes(name) && (isInShort || !options.short),
    );
    if (chosen.length === 0) continue;
    console.log(`On ${databaseKinds[kind].title}`);
    const result = await (options.grow ? runGrowth : runSpeed)(kind, chosen, options);
    console.log(`\n${result.report}\n`);
    if (options.writeDocs) await writeDocument(result.section, kind, result.report);
    checked += result.checked;
  }
  return { checked, slower: [] };
}

async function runSpeed(kind, chosen, options) {
  const { openHost } = databaseKinds[kind];
  const result = await measureSpeed({ ...options, servers: chosen, openHost });
  return {
    section: 'speed',
    report: reportSpeed(result, chosen, options),
    checked: result.checked,
  };
}

async function runGrowth(kind, [ours], options) {
  const { openHost, fullEntries } = databaseKinds[kind];
  const entries = options.entries ?? fullEntries;
  const result = await measureGrowth(ours, { ...options, entries, openHost });
  return { section: 'growth', report: reportGrowth(result, options), checked: result.checked };
}
