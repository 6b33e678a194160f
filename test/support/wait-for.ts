/**
 * Settles when the condition holds, which it checks every few milliseconds.
 * @throws {Error} after 20 seconds
 */
export async function waitFor(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`waited 20 s in vain for ${isTrue}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
