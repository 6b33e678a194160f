import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { collectAfterCrowd, collectGarbage } from '../../../src/logs/model/collect-garbage';
import { waitUntil } from '../../support/processes/children';

/** An object that only the holder keeps, and whether it has been collected. */
function createHolder() {
  const holder = { held: { text: 'x'.repeat(1_000) } as object | undefined };
  const reference = new WeakRef(holder.held!);
  return { holder, isCollected: () => reference.deref() === undefined };
}

describe('collecting garbage', () => {
  it('frees what nothing refers to', async () => {
    const { holder, isCollected } = createHolder();
    collectGarbage();
    await sleep(500);
    expect(isCollected()).toBe(false);
    holder.held = undefined;
    collectGarbage();
    await waitUntil('it is collected', 5_000, isCollected);
  });

  it('after a crowd, frees what was let go of after the first collection, too', async () => {
    const { holder, isCollected } = createHolder();
    collectAfterCrowd();
    await sleep(500);
    holder.held = undefined;
    await waitUntil('it is collected', 10_000, isCollected);
  });
});
