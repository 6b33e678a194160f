import { describe, expect, it } from '@jest/globals';
import { assignSlots, chooseSlot, colourCount } from '../../console/src/design/slots';

const names = (count: number): string[] => Array.from({ length: count }, (_, n) => `TYPE-${n}`);
const counted = (types: readonly string[], count = 1) => types.map((type) => ({ type, count }));

describe('slots of the console’s types', () => {
  it('do not depend on the order in which types are listed', () => {
    const types = counted(names(20));
    expect(assignSlots([...types].reverse())).toEqual(assignSlots(types));
  });

  it.each([1, 5, 8, 9, 32])('of %i types are of their own, and have as few shapes as they can', (count) => {
    const slots = [...assignSlots(counted(names(count))).values()];
    expect(new Set(slots).size).toBe(count);
    expect(Math.max(...slots)).toBeLessThan(colourCount * Math.ceil(count / colourCount));
  });

  it('stay when a rarer type is new', () => {
    const frequent = counted(names(7), 5_000);
    const before = assignSlots(frequent);
    for (const type of ['A', 'B', 'ZOOM', 'TYPE-7', 'TYPE-8']) {
      const after = assignSlots([...frequent, { type, count: 999 }]);
      for (const [name, slot] of before) expect([name, after.get(name)]).toEqual([name, slot]);
      expect(after.get(type)).toBe(chooseSlot(type, before));
    }
  });

  it('stay when counts change by little', () => {
    const types = names(12).map((type, n) => ({ type, count: 1_000 + n }));
    const later = names(12).map((type, n) => ({ type, count: 2_000 - n }));
    expect(assignSlots(later)).toEqual(assignSlots(types));
  });

  it('are shared after 32 types', () => {
    const slots = [...assignSlots(counted(names(200))).values()];
    expect(Math.max(...slots)).toBe(31);
    expect(new Set(slots).size).toBe(32);
  });
});
