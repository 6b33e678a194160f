import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export const root = join(__dirname, '..', '..', '..');
// What package.json's `bin` names; `npm test` builds it first.
export const main = join(root, 'dist', 'src', 'cli', 'main.js');

export interface CommandEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the built `log-manager` command, without any settings but these, to its end.
 * @param signal what it gets as soon as it is due
 */
export async function runCommand(
  args: readonly string[],
  environment: Record<string, string> = {},
  signal?: { readonly name: NodeJS.Signals; readonly isDue: () => boolean },
): Promise<CommandEnd> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [main, ...args], {
    cwd: root,
    env: { PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const timer = setInterval(() => {
    if (!signal?.isDue()) return;
    clearInterval(timer);
    child.kill(signal.name);
  }, 2);
  await once(child, 'close');
  clearInterval(timer);
  return { exitCode: child.exitCode, stdout, stderr };
}
