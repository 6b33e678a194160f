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
  try {
    const { section, report, checked } = await (options.grow ? runGrowth : runSpeed)(options);
    console.log(`\n${report}\n`);
    if (options.writeDocs) await writeDocument(section, report);
    console.log(`bench: ${checked.toLocaleString('en')} answers checked, 0 wrong`);
    process.exit(0);
  } catch (error) {
    console.error(error instanceof WrongAnswer ? `Wrong: ${error.message}` : error);
    console.log('bench: failed');
    process.exit(1);
  }
}

async function runSpeed(options) {
  const chosen = servers.filter(({ name }) => options.servers.includes(name));
  const result = await measureSpeed({ ...options, servers: chosen });
  return { section: 'speed', report: reportSpeed(result, options), checked: result.checked };
}

async function runGrowth(options) {
  const result = await measureGrowth(servers[0], options);
  return { section: 'growth', report: reportGrowth(result, options), checked: result.checked };
}
