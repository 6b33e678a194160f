/** Milliseconds between two looks. */
const watchMs = 25;

/**
 * Calls a listener when a version has changed, and at first.
 * @param readVersion changes with each commit. When it fails, the listener is called too: its own reads find the error
 * @returns ends the calls
 */
export function watchVersion(readVersion: () => Promise<unknown>, onChange: () => void): () => void {
  let isEnded = false;
  let version: unknown;
  let timer: NodeJS.Timeout;

  async function look(): Promise<void> {
    const found = await readVersion().catch(() => Symbol('unknown'));
    if (isEnded) return;
    timer = setTimeout(() => void look(), watchMs);
    if (found === version) return;
    version = found;
    onChange();
  }

  void look();
  return () => {
    isEnded = true;
    clearTimeout(timer);
  };
}
