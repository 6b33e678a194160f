import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where a program is that these tests use if it is there. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/bin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Lets the kernel end a process with the one that started it, however that ends; part of util-linux. */
export const setprivPath = findProgram('setpriv');

/** One line for whoever reads the output of a run; Jest's console would add five. */
export function report(line: string): void {
  process.stdout.write(`${line}\n`);
}
