import { describe } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { report, setprivPath } from '../../support/processes/programs';
import { tryToMount } from './small-disk';
import { stracePath } from './strace';

/** Something that not every machine has. */
type Need = 'strace' | 'a small disk';

const straceArguments = ['-f', '-qq', '--seccomp-bpf', '-o', '/dev/null', 'true'];

/** Why it is not there; undefined when it is. */
const reasons: Record<Need, () => string | undefined> = {
  strace: () => {
    if (!stracePath) return 'on Debian, run apt-get install strace';
    // Containers often forbid it.
    const { status } = spawnSync(stracePath, straceArguments);
    return status === 0 ? undefined : 'strace is not allowed to trace here';
  },
  'a small disk': tryToMount,
};

/** A suite that needs Linux, and sometimes more: skipped, with a line that says what is missing, elsewhere. */
export function describeDurability(name: string, needs: readonly Need[], suite: () => void): void {
  const missing = setprivPath
    ? needs.map((need) => reasons[need]()).filter((reason) => reason !== undefined)
    : ['on Debian, run apt-get install util-linux'];
  if (missing.length === 0) return describe(name, suite);
  report(`skipped: ${name}: ${missing.join('; ')}`);
  describe.skip(name, suite);
}

/** How often something is done: fewer times unless the environment asks for all. */
export function timesOf(variable: string, byDefault: number): number {
  const value = process.env[variable];
  if (value === undefined) return byDefault;
  if (!/^[1-9]\d{0,4}$/.test(value)) throw new Error(`${variable} must be a number from 1 on`);
  return Number(value);
}
