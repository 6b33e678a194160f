/** Lets work be done in turns, in the order in which it asks. */
export function createTurns() {
  let last: Promise<void> = Promise.resolve();
  /** Settles when it is the caller's turn, with a function that ends the turn. */
  return async (): Promise<() => void> => {
    const before = last;
    let end!: () => void;
    last = new Promise((resolve) => (end = resolve));
    await before;
    return end;
  };
}
