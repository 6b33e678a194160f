import { describe, expect, it } from '@jest/globals';

interface Run {
  readonly count: number;
  open(): void;
  show(from: number, to: number): void;
}
interface EntryRunModule {
  EntryRun: new (read: () => Promise<object>, onChange: () => void) => Run;
}

// Its types are generated with the console, which this suite does not build.
const file: string = '../../console/src/table/entry-run';

describe('entries of the console’s table', () => {
  it('are read when reading starts, if the rows in view were told before', async () => {
    const { EntryRun } = (await import(file)) as EntryRunModule;
    const page = { nodes: [{ id: '1' }], pageInfo: { hasNextPage: false, endCursor: null } };
    const run = new EntryRun(
      () => Promise.resolve(page),
      () => {},
    );
    // The effects of a component run before those of the component around it.
    run.show(0, 10);
    run.open();
    await new Promise(setImmediate);
    expect(run.count).toBe(1);
  });
});
