import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from '../../support/journal/journal';
import { createRandom } from '../../support/journal/random';
import { fileEvents } from './file-calls';
import { createFileChecker } from './opened-file';
import { createSimulatedDisk, type SimulatedDisk } from './simulated-disk';
import { newSqliteFile, sqliteFileIn } from './sqlite-file';
import { countLines, eventsOf, linesWith } from './trace';
import type { TracedRun } from './traced-run';
import { watchWal, type WalWatch } from './wal-watch';

const soonLines = 25;

export interface PowerCuts {
  readonly watch: WalWatch;
  /** What was wrong with what the power left: nothing, if all is well. */
  readonly problems: readonly string[];
  /** How many sessions had been acknowledged at each cut. */
  readonly acknowledged: readonly number[];
}

interface CutOptions {
  readonly count: number;
  readonly seed: number;
  /** What stands in the lines of the trace that the power fails soon after; anywhere, when absent. */
  readonly soonAfter?: string;
}

/** Lets the power fail at random points of a run, and opens what is then left on the disk. */
export async function cutPower(
  { directory, trace, journal }: TracedRun,
  { count, seed, soonAfter }: CutOptions,
): Promise<PowerCuts> {
  const random = createRandom(seed);
  const cuts = chooseCuts(trace, count, random, soonAfter);
  const watch = watchWal();
  const disk = createSimulatedDisk(random);
  const checker = await createFileChecker();
  const problems: string[] = [];
  const acknowledged: number[] = [];
  const { directory: outer } = newSqliteFile();

  async function checkCut(line: number): Promise<void> {
    const left = join(outer, `${acknowledged.length}`);
    restore(disk, left);
    const outcomes = new Map<string, Outcome>();
    for (const [sessionId, outcome] of journal.outcomes) {
      // What was refused in the end was never to be stored, either.
      const known = outcome === 'refused' ? outcome : 'unknown';
      outcomes.set(sessionId, watch.answeredAt.has(sessionId) ? 'acknowledged' : known);
    }
    acknowledged.push(watch.answeredAt.size);
    try {
      const found = await checker.check(sqliteFileIn(left), { outcomes });
      problems.push(...found.map((problem) => `power off on line ${line}: ${problem}`));
    } catch (error) {
      problems.push(`power off on line ${line}: ${String(error)}`);
    }
    rmSync(left, { recursive: true });
  }

  for (const event of fileEvents(directory, eventsOf(trace))) {
    while (cuts.length > 0 && cuts.at(-1)! < event.line) await checkCut(cuts.pop()!);
    watch.apply(event);
    disk.apply(event);
  }
  while (cuts.length > 0) await checkCut(cuts.pop()!);
  await checker.close();
  return { watch, problems, acknowledged };
}

/** The lines of the trace that the power fails on, the first one last. */
function chooseCuts(
  trace: string,
  count: number,
  random: () => number,
  soonAfter: string | undefined,
): number[] {
  const starts = soonAfter === undefined ? [] : linesWith(trace, soonAfter);
  const last = countLines(trace);
  const choose = (): number => {
    if (soonAfter === undefined) return Math.floor(random() * last);
    return starts[Math.floor(random() * starts.length)]! + Math.floor(random() * soonLines);
  };
  return Array.from({ length: count }, choose).sort((a, b) => b - a);
}

function restore(disk: SimulatedDisk, directory: string): void {
  mkdirSync(directory);
  for (const [name, content] of disk.cut()) writeFileSync(join(directory, name), content);
}
