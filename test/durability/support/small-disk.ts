import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onCleanUp } from '../../support/processes/children';
import { findProgram } from '../../support/processes/programs';

/** A file system of a few megabytes. */
export interface SmallDisk {
  readonly directory: string;
  /** Leaves no room at all, until the function that it gives back is called. */
  fill(): () => void;
}

export function createSmallDisk(megabytes: number): SmallDisk {
  const directory = mkdtempSync(join(tmpdir(), 'log-manager-disk-'));
  const problem = mount(directory, megabytes);
  if (problem) throw new Error(problem);
  onCleanUp(async () => unmount(directory));
  return {
    directory,
    fill: () => {
      const filler = join(directory, 'filler');
      const file = openSync(filler, 'w');
      // Smaller and smaller, since a write that does not fit may write nothing.
      for (const bytes of [65_536, 4_096, 1]) writeUntilFull(file, Buffer.alloc(bytes));
      closeSync(file);
      return () => rmSync(filler);
    },
  };
}

/** Gives back why no file system can be mounted here; undefined when one can. */
export function tryToMount(): string | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'log-manager-disk-'));
  const problem = mount(directory, 1);
  if (problem) rmdirSync(directory);
  else unmount(directory);
  return problem;
}

const mountPath = findProgram('mount');
const umountPath = findProgram('umount');

function mount(directory: string, megabytes: number): string | undefined {
  if (process.getuid?.() !== 0) return 'run it as root, which may mount a tmpfs';
  if (!mountPath || !umountPath) return 'on Debian, run apt-get install mount';
  const options = ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'log-manager-test', directory];
  const { status, stderr, error } = spawnSync(mountPath, options, { encoding: 'utf8' });
  if (status === 0) return undefined;
  return `no tmpfs can be mounted: ${error ? error.message : stderr.trim()}`;
}

function unmount(directory: string): void {
  spawnSync(umountPath!, [directory]);
  rmdirSync(directory);
}

function writeUntilFull(file: number, bytes: Buffer): void {
  try {
    for (;;) writeSync(file, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
