import { parseArgs } from 'node:util';
import { databaseKinds } from './databases/hosts.mjs';
import { loadNames } from './speed/loads.mjs';
import { serverNames } from './servers.mjs';

const kinds = Object.keys(databaseKinds);

const usage = `npm run bench -- [options]

  --rounds <n>       rounds, each with fresh servers and databases (3)
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
    return {
      rounds: toCount('rounds', values.rounds ?? (values.short ? '1' : '3')),
      seconds: toCount('seconds', values.seconds ?? (values.short ? '1' : '5')),
      warmUpSeconds: values.short ? 0.5 : 1,
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
