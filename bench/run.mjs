import { databaseKinds } from './databases/hosts.mjs';
import { measureGrowth } from './grow/measure-growth.mjs';
import { readOptions } from './options.mjs';
import { writeDocument } from './report/document.mjs';
import { reportGrowth } from './report/growth-report.mjs';
import { reportSpeed } from './report/speed-report.mjs';
import { servers } from './servers.mjs';
import { measureSpeed } from './speed/measure-speed.mjs';
import { WrongAnswer } from './tools/wrong-answer.mjs';

/** Does what the options ask for, and ends the process: with 1 when an answer was wrong. */
export async function run(args) {
  const options = readOptions(args);
  let checked = 0;
  try {
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
    console.log(`bench: ${checked.toLocaleString('en')} answers checked, 0 wrong`);
    process.exit(0);
  } catch (error) {
    console.error(error instanceof WrongAnswer ? `Wrong: ${error.message}` : error);
    console.log('bench: failed');
    process.exit(1);
  }
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
