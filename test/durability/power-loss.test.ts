import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { cleanUp } from '../support/processes/children';
import { report } from '../support/processes/programs';
import { cutPower, type PowerCuts } from './support/power-cuts';
import { describeDurability } from './support/suites';
import { runTraced, type TracedRun } from './support/traced-run';

/** So many that the log is overwritten from its start. */
const sessionCount = 500;
const cutCount = 200;

describeDurability('a server whose power fails', ['strace'], () => {
  let run: TracedRun;
  let cuts: PowerCuts;

  beforeAll(async () => {
    run = await runTraced({ sessionCount, clientCount: 3 });
    cuts = await cutPower(run, { count: cutCount, seed: 6 });
    const { journal, trace } = run;
    report(`${journal.summary()}; ${Math.round(trace.length / 1e6)} MB of system calls`);
  }, 180_000);
  afterAll(cleanUp);

  it('sends each answer only when the WAL has been synced after the last write of its commit', () => {
    expect(run.journal.count('acknowledged')).toBe(sessionCount);
    expect(cuts.watch.answeredAt.size).toBe(sessionCount);
    expect(cuts.watch.early.slice(0, 10)).toEqual([]);
    expect(cuts.watch.restarts()).toBeGreaterThan(0);
  });

  it(`leaves files that open clean at each of ${cutCount} points, with every acknowledged session`, () => {
    expect(cuts.problems.slice(0, 10)).toEqual([]);
    expect(cuts.acknowledged).toHaveLength(cutCount);
    // Else they would all lie before the first answer, or behind the last one.
    const between = cuts.acknowledged.filter((count) => count > 0 && count < sessionCount);
    expect(between.length).toBeGreaterThan(cutCount / 2);
  });
});
