import { closeSync, fdatasyncSync, openSync, readFileSync, realpathSync, writeSync } from 'node:fs';
import { join, sep } from 'node:path';
import { makeDirectory } from '../tools/cleanup.mjs';
import { median, percentile } from '../tools/statistics.mjs';

const syncs = 300;
/** A page of SQLite's write-ahead log. */
const bytes = Buffer.alloc(4_096, 1);

/** Describes the databases' file system and the time of an fdatasync, for which every write waits. */
export function describeDisk() {
  const directory = makeDirectory();
  const times = measureSyncs(join(directory.path, 'syncs'));
  const text =
    `The databases are on ${fileSystemOf(directory.path)}. An append of 4 KiB with its fdatasync takes ` +
    `${format(median(times))} ms (median of ${syncs}; 90th percentile ${format(percentile(times, 0.9))} ms).`;
  directory.remove();
  return text;
}

const format = (ms) => ms.toFixed(2);

/** @returns the time of each append with its fdatasync, in milliseconds */
function measureSyncs(path) {
  const file = openSync(path, 'a');
  const times = Array.from({ length: syncs }, () => {
    const startedAt = performance.now();
    writeSync(file, bytes);
    fdatasyncSync(file);
    return performance.now() - startedAt;
  });
  closeSync(file);
  return times;
}

/** @returns the type of the file system, such as ext4; known on Linux only */
function fileSystemOf(directory) {
  let mounts;
  try {
    mounts = readFileSync('/proc/self/mounts', 'utf8');
  } catch {
    return 'a file system of unknown type';
  }
  const path = realpathSync(directory) + sep;
  const holders = mounts
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, mount]) => path.startsWith(mount === '/' ? mount : mount + sep));
  // The longest mount point holds the directory; of two mounts at one point, the later covers the earlier.
  return holders.reduce((best, one) => (one[1].length >= best[1].length ? one : best))[2];
}
