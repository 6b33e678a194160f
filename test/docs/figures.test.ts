import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { deletionTimeoutMs, drainTimeoutMs } from '../../src/app';
import { connectionLimits } from '../../src/http/connection-limits';
import { unreadyMessages } from '../../src/http/operations-routes';
import { maxWaitingRequests } from '../../src/http/sending/one-at-a-time';
import { slowClientLimits } from '../../src/http/sending/slow-clients';
import {
  manyUnsentBytes,
  maxUnsentBytes,
  mediumBytes,
  smallBytes,
} from '../../src/http/sending/unsent-bytes';
import { maxSocketBytes } from '../../src/http/sending/write-parts';
import { settings } from '../../src/config/settings';
import { defaultResponseBytes } from '../../src/logs/model/limits';
import { maxPendingLength } from '../../src/logs/recording/recorder';
import { maxWaitMs, writerCount } from '../../src/storage/postgres/repository';
import { maxStartMs } from '../../src/storage/postgres/start';
import { timeouts } from '../../src/storage/postgres/timeouts';

const read = (name: string): string => readFileSync(name, 'utf8');

/** The cells of each row of the tables below a heading, by the first one. */
function rowsOf(name: string, heading: string): Map<string, readonly string[]> {
  const [, section] = read(name).split(`\n${heading}\n`);
  const lines = section!.split(/\n##? /)[0]!.split('\n');
  const rows = lines
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, -1),
    )
    // The first one of equal names.
    .reverse();
  return new Map(rows.map(([first, ...cells]) => [first!, cells]));
}

const seconds = (ms: number): string => `${ms / 1_000} s`;
const megabytes = (bytes: number): string => `${bytes / 1_000_000} MB`;

it('docs/operations.md has the limits on memory and the timeouts of the code', () => {
  const memory = rowsOf('docs/operations.md', '## Limits on memory');
  expect(memory.get('sessions that wait for a commit')![0]).toBe(
    `${maxPendingLength / 1e6} million characters of JSON`,
  );
  expect(settings.MAX_RESPONSE_BYTES.default).toBe(String(defaultResponseBytes));
  const { stalled, slow, memory: short } = slowClientLimits;
  const kilobytes = (bytes: number): string => `${bytes / 1_000} KB`;
  expect(memory.get('unsent bytes of all connections')).toEqual([
    megabytes(manyUnsentBytes),
    expect.stringMatching(
      `larger than ${megabytes(mediumBytes)}.* less than ${kilobytes(short.minRate)}/s over ${seconds(short.ms)}`,
    ),
  ]);
  expect(memory.get('the same')).toEqual([
    megabytes(maxUnsentBytes),
    expect.stringContaining(`larger than ${smallBytes / 1_024} KB`),
  ]);
  expect(memory.get('unsent bytes of one connection')).toEqual([
    megabytes(maxSocketBytes),
    expect.stringContaining('The next request'),
  ]);
  expect(memory.get('a client that takes no data')![0]).toBe(seconds(stalled.ms));
  expect(memory.get('a client that takes little data')![0]).toBe(
    `${kilobytes(slow.minRate)}/s over ${seconds(slow.ms)}`,
  );
  expect(memory.get('requests that wait for the response before')![0]).toBe(
    maxWaitingRequests.toLocaleString('en-US'),
  );

  const { requestMs, checkEveryMs, keepAliveMs, maxConnections } = connectionLimits;
  expect(memory.get('HTTP connections')![0]).toBe(maxConnections.toLocaleString('en-US'));
  const limits = rowsOf('docs/operations.md', '## Timeouts');
  const limitOf = (name: string) => limits.get(name)![0];
  expect(limitOf('request arrives completely')).toBe(
    `${requestMs / 1_000} to ${(requestMs + checkEveryMs) / 1_000} s`,
  );
  expect(limitOf('idle HTTP connection')).toMatch(new RegExp(`^${seconds(keepAliveMs)}:`));
  expect(limitOf('PostgreSQL: new connection')).toBe(seconds(timeouts.connectMs));
  expect(limitOf('PostgreSQL: free connection in the pool')).toBe(seconds(timeouts.queueMs));
  expect(limitOf('PostgreSQL: lock')).toBe(
    `${seconds(timeouts.lockMs)}; ${seconds(timeouts.batchLockMs)} for each attempt to commit several sessions together`,
  );
  const dropped = `${seconds(timeouts.graceMs)} more until the connection is dropped`;
  expect(limitOf('PostgreSQL: statement that writes')).toBe(
    `${seconds(timeouts.statementMs)}, and ${dropped}`,
  );
  expect(limitOf('read')).toContain(`on PostgreSQL ${dropped}`);
  expect(limitOf('`/readyz` on PostgreSQL')).toBe(`${seconds(timeouts.probeMs)} for the answer`);
});

it('docs/operations.md has each reason of /readyz', () => {
  const reasons = [...rowsOf('docs/operations.md', '## Probes').keys()].filter((name) =>
    /^`[a-z_]+`$/.test(name),
  );
  expect(reasons.sort()).toEqual(
    Object.keys(unreadyMessages)
      .map((reason) => `\`${reason}\``)
      .concat('`reason`')
      .sort(),
  );
});

it('docs/operations.md has the times of a stop, and of the wait for PostgreSQL', () => {
  const stop = [...rowsOf('docs/operations.md', '## Shutdown')].map((row) => row.flat().join(' '));
  expect(stop).toContainEqual(
    expect.stringContaining(`${seconds(deletionTimeoutMs)} at most Stops deletions`),
  );
  expect(stop).toContainEqual(
    expect.stringContaining(`${seconds(drainTimeoutMs)} at most Closes connections`),
  );
  expect(read('docs/erasing.md')).toContain(`SIGTERM stops a deletion ${seconds(deletionTimeoutMs)} after`);
  const reasons = [...rowsOf('docs/operations.md', '### It does not start').keys()];
  expect(reasons).toContain(`PostgreSQL unreachable or read-only for ${seconds(maxStartMs)}`);
  expect(read('docs/scaling.md')).toContain(`An instance waits up to ${seconds(maxStartMs)} for a database`);
});

it('docs/errors.md and docs/scaling.md have the same limits', () => {
  const causes = [...rowsOf('docs/errors.md', '## SERVICE_UNAVAILABLE').entries()].map(([first, [limit]]) => [
    first,
    limit,
  ]);
  const limitOf = (start: string) => causes.find(([first]) => first!.startsWith(start))![1];
  expect(limitOf('Commits are slow')).toContain(`${seconds(maxWaitMs)} on PostgreSQL`);
  expect(limitOf('Sessions that wait')).toBe(`${maxPendingLength / 1e6} million characters of JSON`);
  expect(limitOf('Unsent responses')).toBe(`${megabytes(manyUnsentBytes)}; ${megabytes(maxUnsentBytes)}`);
  const results = rowsOf('docs/errors.md', '## RESULT_TOO_LARGE');
  expect(results.get('any answer')![0]).toBe('`MAX_RESPONSE_BYTES`');
  const instances = rowsOf('docs/scaling.md', '## Many instances');
  expect(instances.get('connections')![0]).toContain(
    `, ${writerCount} for writes, health and the feed, and up to 2 `,
  );
  expect(rowsOf('docs/scaling.md', '## Settings').get("PostgreSQL's `max_connections`")![0]).toContain(
    `(2 × \`DATABASE_POOL_SIZE\` + ${writerCount + 2})`,
  );
  expect(settings.DATABASE_POOL_SIZE.description).toContain(`use ${writerCount} more`);
  const replicas = rowsOf('docs/scaling.md', '## What replicas guarantee');
  // The answer of a probe, and the longest time between two probes.
  expect(replicas.get('hanging replica')![0]).toContain(`for up to ${seconds(timeouts.probeMs + 1_000)}`);
  expect(replicas.get('with it')![0]).toContain(`plus up to ${seconds(timeouts.probeMs)} if the primary`);
  const failures = rowsOf('docs/scaling.md', '## When the primary fails');
  const unknownAfter = `\`outcome: "unknown"\` after ${seconds(timeouts.statementMs + timeouts.graceMs)}`;
  expect(failures.get('the server hangs')).toMatchObject([
    expect.stringContaining(`\`QUERY_TIMEOUT_MS\` + ${seconds(timeouts.graceMs)} at most`),
    expect.stringContaining(unknownAfter),
  ]);
  expect(failures.get('the standby is lost, and the primary waits for it')![1]).toContain(unknownAfter);
});

/** The requests a second of a server's row in a table of docs/benchmarks.md. */
function benchmark(heading: string, server: string): Record<string, string> {
  const rows = rowsOf('docs/benchmarks.md', heading);
  const names = rows.get('server')!;
  return Object.fromEntries(names.map((name, at) => [name, rows.get(server)![at]!]));
}

it('the figures of README.md and docs/scaling.md are those of docs/benchmarks.md', () => {
  const round = (figure: string) =>
    String(Math.round(Number(figure.replace(',', '')))).replace(/(?=\d{3}$)\B/, ',');
  const speed = rowsOf('README.md', '## Performance');
  const peers: [string, string, string][] = [
    ['**Log Manager on SQLite**', '## Against its peers', 'Log Manager'],
    ["Apollo Server, Express, TypeORM's `save` and `find`", '## Against its peers', 'Stock Apollo'],
    ['`node:http` and SQLite without GraphQL', '## Against its peers', 'Bound'],
    ['**Log Manager on PostgreSQL**', '## On PostgreSQL', 'Log Manager'],
    ['PostGraphile with its own mutations', '## On PostgreSQL', 'PostGraphile'],
    ['PostGraphile with an SQL function', '## On PostgreSQL', 'PostGraphile + SQL'],
  ];
  for (const [row, heading, server] of peers) {
    const { w20, w1, r1000 } = benchmark(heading, server);
    expect([row, ...speed.get(row)!.slice(0, 3)]).toEqual([
      row,
      ...[w20, w1, r1000].map((text) => round(text!)),
    ]);
  }
  const full = rowsOf('docs/benchmarks.md', '## On a full store');
  const [small, large] = full.get('page by user')!.map(Number);
  expect(speed.get('page of 100 entries of one user, p99')![0]).toBe(
    `${large!.toFixed(1)} ms (${small!.toFixed(1)} ms with 100,000 entries)`,
  );
  expect(speed.get('count one day by hour, p99')![0]).toBe(
    `${Math.round(Number(full.get('histogram of a day by hour')![1]))} ms`,
  );
  const [, entries, time] = /Erasing a user with ([\d,]+) of them took (\d+ s)/.exec(
    read('docs/benchmarks.md'),
  )!;
  expect(speed.get(`erase a user with ${entries} entries`)![0]).toMatch(new RegExp(`^${time},`));
  expect(read('docs/erasing.md')).toContain(`${entries} entries of one user took ${time},`);

  const sizing = rowsOf('docs/scaling.md', '## Sizing');
  const postgres = benchmark('## On PostgreSQL', 'Log Manager');
  expect(sizing.get('sessions of 20 actions')![0]).toBe(`${postgres['w20']} per second`);
  expect(sizing.get('sessions of 1 action')![0]).toBe(`${postgres['w1']} per second`);
  expect(sizing.get('`logs` with 1,000 entries')![0]).toBe(`${postgres['r1000']} per second`);
  const grown = rowsOf('docs/benchmarks.md', '## On a full store on PostgreSQL');
  const kept = (load: string) => grown.get(load)![3];
  expect(sizing.get('disk per entry, indexes included')![0]).toBe(
    `${grown.get('20,000,000 entries')![0]} bytes; ${full.get('10,000,000 entries')![0]} on SQLite`,
  );
  const [rate] = sizing.get('20,000,000 entries over 180 days, rate kept')!;
  expect(rate).toContain(`recording ${kept('w20')} (of an empty database)`);
  expect(rate).toContain(
    `by user ${kept('r20 by user')}, by type ${kept('r20 by type')}, by range ${kept('r20 by range')} (of`,
  );
});
