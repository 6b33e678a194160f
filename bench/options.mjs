import { parseArgs } from 'node:util';
import { bound, leastRounds } from './compare/comparison.mjs';
import { databaseKinds } from './databases/hosts.mjs';
import { loadNames } from './speed/loads.mjs';
import { serverNames } from './servers.mjs';

const kinds = Object.keys(databaseKinds);

const usage = `npm run bench -- [options]

  --against <commit> compares this checkout with a commit instead of with its peers, and exits with 1 if a load is
                     slower: if the 95 % interval of its ratio of requests a second lies below ${bound}
  --rounds <n>       rounds, each with fresh servers and databases (3; with --against ${leastRounds}, which is the least)
  --seconds <n>      seconds each server is measured under each load (5)
  --database <kinds> ${kinds.join(',')}
  --servers <names>  ${serverNames.join(',')}
  --loads <names>    ${loadNames.join(',')}
  --short            one round of one second: checks the answers, measures little
  --grow             measures Log Manager on a full store against a small one instead
  --entries <n>      entries of the full store (${kinds.map((kind) => databaseKinds[kind].fullEntries).join(', ')})
  --write-docs       writes the tables into docs/benchmarks.md
  --help`;

/**
 * @param args what stands behind the script's name
 * @returns what they ask for; ends the process when that is unclear
 */
export function readOptions(args) {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        against: { type: 'string' },
        rounds: { type: 'string' },
        seconds: { type: 'string' },
        database: { type: 'string' },
        servers: { type: 'string' },
        loads: { type: 'string' },
        short: { type: 'boolean', default: false },
        grow: { type: 'boolean', default: false },
        entries: { type: 'string' },
        'write-docs': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }));
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    if (values.against !== undefined) checkComparison(values);
    const defaultRounds = values.against === undefined ? 3 : leastRounds;
    return {
      against: values.against,
      rounds: toCount('rounds', values.rounds ?? String(values.short ? 1 : defaultRounds)),
      seconds: toCount('seconds', values.seconds ?? (values.short ? '1' : '5')),
      warmUpSeconds: values.short ? 0.5 : values.against === undefined ? 1 : 2,
      databases: toNames('database', values.database, kinds),
      servers: toNames('servers', values.servers, serverNames),
      loads: toNames('loads', values.loads, loadNames),
      short: values.short,
      grow: values.grow,
      entries: values.entries === undefined ? undefined : toCount('entries', values.entries),
      writeDocs: values['write-docs'],
    };
  } catch (error) {
    console.error(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
}

function checkComparison(values) {
  const other = ['servers', 'grow', 'entries', 'write-docs'].find((name) => values[name]);
  if (other) throw new Error(`--${other} cannot be combined with --against.`);
  if (values.rounds < leastRounds && !values.short) {
    throw new Error(`--rounds must be at least ${leastRounds} with --against, or add --short.`);
  }
}

function toCount(name, text) {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new Error(`--${name} must be a positive integer, not "${text}".`);
}

function toNames(name, text, known) {
  const names = text === undefined ? known : text.split(',');
  const unknown = names.find((one) => !known.includes(one));
  if (unknown === undefined) return known.filter((one) => names.includes(one));
  throw new Error(`--${name}: there is no "${unknown}"; there are ${known.join(', ')}.`);
}
