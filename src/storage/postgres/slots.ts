/** Values that come and go. */
export type Slots<Value extends object> = ReturnType<typeof createSlots<Value>>;

/**
 * Holds values that come and go. V8 rehashes a Set whose members do, and former members then live until the next full
 * collection, with the requests that they refer to.
 */
export function createSlots<Value extends object>() {
  const values: (Value | undefined)[] = [];
  const free: number[] = [];
  return {
    /** @returns the slot that holds the value */
    add(value: Value): number {
      const slot = free.pop() ?? values.length;
      values[slot] = value;
      return slot;
    },
    /** Empties a slot. */
    remove(slot: number): void {
      values[slot] = undefined;
      free.push(slot);
    },
    all: (): readonly Value[] => values.filter((value) => value !== undefined),
  };
}
