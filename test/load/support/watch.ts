import { readdirSync, readFileSync, statSync } from 'node:fs';
import { sendHttp } from '../../support/server/http';

const everyMs = 250;

/** A look at a server process. Sizes are in MB. */
export interface Sample {
  readonly rss: number;
  readonly files: number;
  /** Size of the write-ahead log of SQLite. */
  readonly wal: number;
  /** The metrics, by name and labels as they are written. */
  readonly metrics: ReadonlyMap<string, number>;
}

/** Looks at a server process now and then. The function that it returns ends that, and returns the samples. */
export function startWatch(look: () => Promise<Sample>): () => Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  let isStopped = false;
  const run = async (): Promise<void> => {
    while (!isStopped) {
      samples.push(await look());
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  };
  const done = run();
  done.catch(() => {});
  return async () => {
    isStopped = true;
    await done;
    return samples;
  };
}

export async function lookAt(
  { url, pid }: { readonly url: string; readonly pid: number },
  path: string | undefined,
  headers: Record<string, string>,
): Promise<Sample> {
  const { text } = await sendHttp(`${url}/metrics`, { headers });
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  const wal = path === undefined ? 0 : (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0);
  return {
    rss: Number(kilobytes) / 1_024,
    files: readdirSync(`/proc/${pid}/fd`).length,
    wal: wal / 1e6,
    metrics: new Map(
      [...text.matchAll(/^([^#\s]+) (\S+)$/gm)].map(([, name, value]) => [name!, Number(value)]),
    ),
  };
}
