import { expect, it } from '@jest/globals';
import { createSlots } from '../../../src/storage/postgres/slots';

it('holds what is not removed, in as many slots as it held at once', () => {
  const slots = createSlots<{ name: string }>();
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => ({ name }));
  const [slotOfA, slotOfB] = [slots.add(a!), slots.add(b!)];
  slots.remove(slotOfA);
  expect(slots.all()).toEqual([b]);
  expect(slots.add(c!)).toBe(slotOfA);
  slots.remove(slotOfB);
  expect([slots.add(a!), slots.add(d!)]).toEqual([slotOfB, 2]);
  expect(slots.all()).toEqual([c, a, d]);
});
