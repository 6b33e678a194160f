import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import prettier from 'prettier';
import { servers } from '../servers.mjs';
import { describeMachine, describeVersions } from './machine.mjs';

const file = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));
const describe = (kind) =>
  servers
    .filter(({ database }) => database === kind)
    .map(({ title, description }) => `- **${title}**: ${description}`)
    .join('\n');

const introduction = `# Benchmarks

This file is written by the bench itself:

\`\`\`sh
npm run bench -- --write-docs          # Log Manager against its peers
npm run bench -- --grow --write-docs   # Log Manager on 10,000,000 entries, and 20,000,000 on PostgreSQL
npm run bench -- --short               # three minutes, to see that every answer is right
npm run bench -- --database sqlite     # or postgres: that kind of database alone
npm run bench -- --against <commit>    # this checkout against a commit, in 20 minutes; fails if a load is slower
\`\`\`

Every server is a process of its own on a fresh SQLite file (WAL, \`synchronous=FULL\`: what is acknowledged is on disk) with
the same columns and indexes. All resolve to the same versions of graphql-js, Apollo Server, TypeORM and Fastify.

${describe('sqlite')}

Or it is on a fresh database of a PostgreSQL server of its own on the same machine (\`fsync\` and \`synchronous_commit\` on,
\`shared_buffers\` 256 MB, \`max_wal_size\` 4 GB, otherwise its defaults), with the table, the partitions and the indexes that
Log Manager's migrations make, and 10 connections for reading:

${describe('postgres')}

Each is given the same 40,000 entries through its own door, and is then driven by autocannon on the same machine, one
server after the other, in an order that changes from round to round:

- **w20**, **w1**: \`recordSession\` with 20 actions or 1, 32 connections. Sessions are new ones, at times that go up.
- **r20**, **r200**, **r1000**: \`logs\` over ranges that hold so many entries, all five fields, 16 connections.

Every query's entries are compared with what was recorded, by count and checksum, before it is timed; while it is timed,
every answer must be the one found right (long ones: as long as it). Afterwards the databases are opened: each
session must be whole, and each acknowledged one must be there. One wrong answer fails the bench.

## Against a commit

\`--against <commit>\` builds that commit in a temporary directory and measures this checkout against it, on both databases.
In each round (at least 7; \`--rounds\` adds more), both builds are new processes on new databases, which each build creates
itself. They run side by side and are driven one after the other, in alternating order, each load after a warm-up of 2
seconds. The ratio new/old is taken within each round; a load's cell shows the median of the ratios and the 95 % interval of
their geometric mean: a t-interval of their logarithms, as Georges, Buytaert and Eeckhout advise for fewer than 30 runs
("Statistically Rigorous Java Performance Evaluation", OOPSLA 2007).

| verdict               | meaning                                                                                  |
| --------------------- | ---------------------------------------------------------------------------------------- |
| slower                | the whole interval lies below 0.95; the bench exits with 1                               |
| no slower             | the whole interval lies at or above 0.95                                                 |
| not shown to be slower | the interval holds 0.95: add \`--rounds\`, or measure while the machine does nothing else |

Identical builds differ by up to 13 % on r1000 from process to process, so one round decides nothing. The run also prints
the file system and the time of an fdatasync, for which every write waits. Its second table shows CPU time per request, in
the server's process alone (on PostgreSQL, the database's own is not included). CPU time varies less on a shared machine, but
waiting for the disk does not show in it, so the verdict is that of requests a second. \`--loads\` and \`--database\` select
cells; \`--short\` is one round of one second, which checks the answers and gives no verdict.`;

const sections = [
  { section: 'speed', kind: 'sqlite', mark: 'speed', title: 'Against its peers' },
  { section: 'speed', kind: 'postgres', mark: 'speed on postgres', title: 'On PostgreSQL' },
  { section: 'growth', kind: 'sqlite', mark: 'growth', title: 'On a full store' },
  {
    section: 'growth',
    kind: 'postgres',
    mark: 'growth on postgres',
    title: 'On a full store on PostgreSQL',
  },
];

/**
 * Writes one section of docs/benchmarks.md, and leaves the others as they are.
 * @param section speed or growth
 * @param kind of database
 */
export async function writeDocument(section, kind, report) {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const parts = sections.map(({ mark, title, ...of }) => {
    const [begin, end] = [`<!-- begin ${mark} -->`, `<!-- end ${mark} -->`];
    if (of.section === section && of.kind === kind) {
      return `${begin}\n\n## ${title}\n\n${describeRun(kind)}\n\n${report}\n\n${end}`;
    }
    return new RegExp(`${begin}.*?${end}`, 's').exec(before)?.[0] ?? '';
  });
  const options = await prettier.resolveConfig(file);
  const text = [introduction, ...parts].join('\n\n');
  writeFileSync(file, await prettier.format(text, { ...options, filepath: file }));
  console.log('Wrote docs/benchmarks.md.');
}

function describeRun(kind) {
  const date = new Date().toISOString().slice(0, 10);
  return `Run on ${date}, on ${describeMachine()}, with ${describeVersions(kind)}.`;
}
