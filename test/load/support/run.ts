import { percentile } from '../../support/percentile';
import type { GeneratorResult } from './generator';
import type { Measurement } from './others';
import type { Sample } from './watch';

/** The figures of a run of pressure.test.ts. */
export interface Run {
  readonly phases: Readonly<Record<'idle' | 'during' | 'after', Measurement>>;
  readonly before: Sample;
  /** From during the pressure. */
  readonly samples: readonly Sample[];
  readonly last: Sample;
  readonly result: GeneratorResult;
  /** See statement-times.cjs; SQLite only. */
  readonly lane?: { readonly busyMs: number; readonly elapsedMs: number; readonly maxGapMs: number };
}

/** Times of requests that all others may take under pressure, in milliseconds. */
const minP99Ms = 100;
const idleFactor = 4;
const minWriteShare = 0.8;
/** Median of bounded reads without back-off, in milliseconds. */
const maxMedianMs = 10;
/** Share of the time in which an expensive read runs: between two of them, answers are sent. */
const minBusyShare = 0.9;
const maxWaitMs = 60_000;
/** Sizes in MB. */
const maxWal = 200;
const maxWalAfter = 20;
const maxGrowthAfter = 200;
const maxFilesMore = 20;
const loopDelay = 'nodejs_eventloop_lag_max_seconds';
const laneLength = 'log_manager_expensive_reads_waiting';

/** What is not as it must be, one line each. */
export function findFaults(
  { phases: { idle, during, after }, before, samples, last, result, lane }: Run,
  obeys: boolean,
): string[] {
  const faults: string[] = [];
  const expectBelow = (what: string, value: number, limit: number): void => {
    if (!(value < limit)) faults.push(`${what}: ${value.toFixed(1)}, not below ${limit.toFixed(1)}`);
  };
  const limitOf = (kind: 'readMs' | 'readyMs'): number =>
    Math.max(minP99Ms, idleFactor * percentile(idle[kind], 0.99));
  for (const [name, phase] of Object.entries({ during, after })) {
    if (obeys || phase === after) {
      for (const kind of ['readMs', 'readyMs'] as const) {
        expectBelow(`${name}: p99 of ${kind}`, percentile(phase[kind], 0.99), limitOf(kind));
      }
      const share = phase.writesPerSecond / idle.writesPerSecond;
      if (share < minWriteShare) faults.push(`${name}: writes at ${(100 * share).toFixed(0)} % of idle`);
    }
    const [first] = phase.problems;
    if (first !== undefined)
      faults.push(`${name}: ${phase.problems.length} wrong answers, the first: ${first}`);
  }
  if (!obeys) expectBelow('during: median of reads', percentile(during.readMs, 0.5), maxMedianMs);

  for (const [error, failures] of Object.entries(result.failed))
    faults.push(`${failures} requests: ${error}`);
  const untold = result.refused['without a time to retry after'];
  if (untold !== undefined) faults.push(`${untold} refusals without a time to retry after`);
  expectBelow('longest wait for an answer', result.maxAnswerMs, maxWaitMs);
  expectBelow('longest time told to wait', result.maxRetryAfterMs, maxWaitMs + 1);
  if (obeys) expectBelow('longest time in which a client was not served', result.maxUnservedMs, maxWaitMs);
  const busyShare = lane ? lane.busyMs / lane.elapsedMs : 1;
  if (busyShare < minBusyShare)
    faults.push(`expensive reads ran ${(100 * busyShare).toFixed(0)} % of the time`);

  expectBelow('log in MB', Math.max(...samples.map(({ wal }) => wal)), maxWal);
  expectBelow('log afterwards in MB', last.wal, maxWalAfter);
  expectBelow('RSS afterwards in MB', last.rss, before.rss + maxGrowthAfter);
  expectBelow('file descriptors afterwards', last.files, before.files + maxFilesMore);
  expectBelow('reads that wait afterwards', last.metrics.get(laneLength) ?? Number.NaN, 1);
  return faults;
}

/** The figures in lines. Times are the median, the 99th percentile and the maximum. */
export function describeRun({ phases, before, samples, last, result, lane }: Run): string {
  const lines = Object.entries(phases).map(
    ([name, { readMs, readyMs, liveMs, writeMs, writesPerSecond, ownDelayMs }]) =>
      `${name.padEnd(6)} read ${timesOf(readMs)}; /readyz ${timesOf(readyMs)}; /livez ${timesOf(liveMs)}; ` +
      `write ${timesOf(writeMs)}, ${writesPerSecond.toFixed(0)}/s; own delay ${ownDelayMs.toFixed(0)} ms`,
  );
  const most = (what: (sample: Sample) => number): string => Math.max(...samples.map(what)).toFixed(0);
  const { servedMs, servedCounts, served, refused, ...longest } = result;
  return [
    ...lines,
    `served ${servedMs.length} in ${timesOf(servedMs)}, a client ` +
      `${Math.min(...servedCounts)} to ${Math.max(...servedCounts)} times: ${JSON.stringify(served)}`,
    `refused ${JSON.stringify(refused)}; ${JSON.stringify(longest)}`,
    `lane ${lane ? `busy ${((100 * lane.busyMs) / lane.elapsedMs).toFixed(0)} %, longest gap ${lane.maxGapMs.toFixed(0)} ms` : ''}, ` +
      `at most ${most(({ metrics }) => metrics.get(laneLength) ?? Number.NaN)} waiting`,
    `event loop blocked for at most ${most(({ metrics }) => 1_000 * (metrics.get(loopDelay) ?? Number.NaN))} ms`,
    `RSS ${before.rss.toFixed(0)}, at most ${most(({ rss }) => rss)}, then ${last.rss.toFixed(0)} MB; ` +
      `files ${before.files}, ${most(({ files }) => files)}, ${last.files}; ` +
      `log ${before.wal.toFixed(0)}, ${most(({ wal }) => wal)}, ${last.wal.toFixed(0)} MB`,
  ].join('\n');
}

function timesOf(times: readonly number[]): string {
  return `${[0.5, 0.99, 1].map((share) => percentile(times, share)?.toFixed(1)).join(' ')} ms`;
}
