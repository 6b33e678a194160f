import { parseArgs } from 'node:util';
import { minRatio, minRounds } from './compare/comparison.mjs';
import { databaseKinds } from './databases/hosts.mjs';
import { loadNames, shortLoadNames } from './speed/loads.mjs';
import { serverNames } from './servers.mjs';

const kinds = Object.keys(databaseKinds);
const fullEntries = kinds.map((kind) => databaseKinds[kind].fullEntries);

const onlyLong = loadNames.filter((name) => !shortLoadNames.includes(name));

const usage = `npm run bench -- [options]

  --against <commit> compares this checkout with a commit; exits with 1 if a load is slower, that is if the
                     95 % interval of the ratio of requests a second, new to old, lies below ${minRatio}
  --rounds <n>       rounds, each with new servers and databases (3; with --against ${minRounds}, the minimum)
  --seconds <n>      seconds of measuring for each server and load (5)
  --database <kinds> ${kinds.join(',')}
  --servers <names>  ${serverNames.join(',')}
  --loads <names>    ${loadNames.join(',')}
  --short            one round of one second, without ${onlyLong.join(' and ')}:
                     checks the answers; its figures mean little
  --grow             measures Log Manager on a full database and on a small one
  --entries <n>      entries of the full database (${fullEntries.join(', ')})
  --write-docs       writes the tables into docs/benchmarks.md
  --help`;

/**
 * Reads the command line. Prints the usage and ends the process if an option is unknown or has a wrong value.
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
    const defaultRounds = values.against === undefined ? 3 : minRounds;
    return {
      against: values.against,
      rounds: toCount('rounds', values.rounds ?? String(values.short ? 1 : defaultRounds)),
      seconds: toCount('seconds', values.seconds ?? (values.short ? '1' : '5')),
      warmUpSeconds: values.short ? 0.5 : values.against === undefined ? 1 : 2,
      databases: toNames('database', values.database, kinds),
      servers: toNames('servers', values.servers, serverNames),
      loads: toNames('loads', values.loads ?? shortDefault(values), loadNames),
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

function shortDefault({ short }) {
  return short ? shortLoadNames.join(',') : undefined;
}

function checkComparison(values) {
  const other = ['servers', 'grow', 'entries', 'write-docs'].find((name) => values[name]);
  if (other) throw new Error(`--${other} cannot be combined with --against.`);
  if (values.rounds < minRounds && !values.short) {
    throw new Error(`--rounds must be at least ${minRounds} with --against, or add --short.`);
  }
}

function toCount(name, text) {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new Error(`--${name} must be a positive integer, but is "${text}".`);
}

function toNames(name, text, known) {
  const names = text === undefined ? known : text.split(',');
  const unknown = names.find((one) => !known.includes(one));
  if (unknown === undefined) return known.filter((one) => names.includes(one));
  throw new Error(`--${name}: "${unknown}" is unknown; choose from ${known.join(', ')}.`);
}
