import { execFileSync } from 'node:child_process';
import { expect, it } from '@jest/globals';

// V8 only prints a warning when it does not know a flag.
it('sets a flag that this version of Node has', () => {
  expect(execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' })).toContain(
    '--heap-growing-percent (',
  );
});
