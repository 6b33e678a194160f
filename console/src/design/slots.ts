/** Colours of types, `--type-0` and so on. */
export const colourCount = 8;
const slotCount = 4 * colourCount;

/** A type and its number of entries. */
export interface TypeCount {
  readonly type: string;
  readonly count: number;
}

/**
 * A slot for each type: eight colours, then the same with another shape. A type gets the slot of its name, or the next
 * one that is free: frequent types before rare ones, so that a new type takes no slot away.
 */
export function assignSlots(counts: readonly TypeCount[]): Map<string, number> {
  const slots = new Map<string, number>();
  // By digits: types of similar frequency do not change places from day to day.
  const rank = ({ count }: TypeCount): number => -String(count).length;
  const compare = (a: TypeCount, b: TypeCount): number => rank(a) - rank(b) || (a.type < b.type ? -1 : 1);
  for (const { type } of [...counts].sort(compare)) slots.set(type, chooseSlot(type, slots));
  return slots;
}

/** The slot of a type beside others. */
export function chooseSlot(type: string, slots: ReadonlyMap<string, number>): number {
  const wanted = hash(type);
  const taken = new Set(slots.values());
  for (let shape = 0; shape < slotCount; shape += colourCount) {
    for (let step = 0; step < colourCount; step++) {
      const slot = shape + ((wanted + step) % colourCount);
      if (!taken.has(slot)) return slot;
    }
  }
  return wanted % slotCount;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  // The lowest bits alone depend on those of the characters only.
  return (value ^ (value >>> 16)) >>> 0;
}
