import { CommandError } from '../command';

/** The reader of standard output closed it. */
export class PipeClosedError extends Error {}

/** The reader of standard output did not read. */
export class OutputStalledError extends Error {}

/**
 * Writes to standard output, and settles when the kernel has taken all of it.
 * @param signal when aborted, the rest is waited for no longer than `maxFlushMs`
 * @throws {PipeClosedError} if the reader is gone
 * @throws {OutputStalledError} if the signal was aborted, and not all could be written in time
 * @throws {CommandError} if standard output fails otherwise
 */
export async function writeText(text: string, signal: AbortSignal, maxFlushMs: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const startTimer = (): void => {
      timer = setTimeout(() => reject(new OutputStalledError()), maxFlushMs);
    };
    signal.addEventListener('abort', startTimer, { once: true });
    process.stdout.write(text, (error) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', startTimer);
      if (!error) resolve();
      else if ((error as NodeJS.ErrnoException).code === 'EPIPE') reject(new PipeClosedError());
      else reject(new CommandError(`standard output failed: ${error.message}`));
    });
  });
}

/**
 * JSON without control characters: a terminal obeys those from U+0080 to U+009F, which JSON does not escape, and what is
 * recorded may come from anyone.
 */
export function toTerminalJson(value: object): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  );
}
