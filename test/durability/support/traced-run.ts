import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../../support/processes/free-ports';
import { Instance } from '../../support/processes/instances';
import { Journal } from '../../support/journal/journal';
import { newSqliteFile, sqliteFileIn } from './sqlite-file';
import { straceRunner, waitForTrace, type Injection } from './strace';
import { readTrace } from './trace';

/** A server's life from an empty directory to its end, with all its system calls. */
export interface TracedRun {
  /** Where it kept its files, and nothing else. */
  readonly directory: string;
  readonly trace: string;
  readonly journal: Journal;
  readonly instance: Instance;
}

interface RunOptions {
  readonly sessionCount: number;
  readonly clientCount: number;
  /** Which syncs fail, without having been done. */
  readonly injection?: Injection;
}

/** Clients send sessions in turn; what remains unknown is sent again until it is known. */
export async function runTraced({ sessionCount, clientCount, injection }: RunOptions): Promise<TracedRun> {
  const outer = newSqliteFile();
  const inner = join(realpathSync(outer.directory), 'files');
  mkdirSync(inner);
  const { directory, url } = sqliteFileIn(inner);
  const traceFile = join(outer.directory, 'trace');
  const [port] = (await freePorts(1)) as [number];
  const runner = straceRunner(traceFile, injection);
  const instance = new Instance('traced', port, { DATABASE_URL: url }, runner);
  await instance.start();
  const journal = new Journal({ hasKeys: true });
  let sent = 0;
  const work = async (): Promise<void> => {
    while (sent < sessionCount) {
      const sessionId = `traced-${sent++}`;
      const outcome = await journal.send(instance.url, sessionId);
      if (outcome === 'unknown') await journal.settle(instance.url, sessionId);
    }
  };
  await Promise.all(Array.from({ length: clientCount }, work));
  const { pid } = instance;
  await instance.stop();
  await waitForTrace(traceFile, pid);
  return { directory, trace: readTrace(traceFile), journal, instance };
}
