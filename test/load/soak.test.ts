import { expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServerProcess } from '../support/processes/server-process';

const minutes = Number(process.env['SOAK_MINUTES'] ?? 10);
const minute = 60_000;
/** Megabytes that the process may grow by after the first minute. */
const maxGrowth = 150;

const record = `mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }`;
const read = `query ($user: String!, $start: DateTime!, $end: DateTime!) {
  logs(user: $user, startTime: $start, endTime: $end) { time type properties }
}`;

it(`records and reads for ${minutes} minutes without growing or losing an entry`, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'soak-'));
  const server = await startServerProcess({ DATABASE_URL: `sqlite:${join(directory, 'soak.sqlite')}` });
  const end = Date.now() + minutes * minute;
  let recorded = 0;
  let answers = 0;

  async function write(writer: number): Promise<void> {
    for (let n = 0; Date.now() < end; n++) {
      const time = new Date(Date.UTC(2024, 0, 1) + n * 1_000).toISOString();
      const actions = Array.from({ length: 20 }, (_, at) => ({ time, type: 'CLICK', properties: { n, at } }));
      const input = { userId: `user-${writer}`, sessionId: `session-${n}`, actions };
      const { body } = await server.graphql(record, { input });
      expect(body).toEqual({ data: { recordSession: { recordedCount: 20 } } });
      recorded += 20;
      // Reads back what was acknowledged last.
      const range = { start: time, end: new Date(Date.parse(time) + 1).toISOString() };
      const answer = await server.graphql(read, { user: `user-${writer}`, ...range });
      expect(answer.body.data.logs).toEqual(
        actions.map(({ properties }) => ({ time, type: 'CLICK', properties })),
      );
      answers += 2;
    }
  }

  const sizes: number[] = [];
  async function watchMemory(): Promise<void> {
    while (Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(minute, Math.max(end - Date.now(), 1))));
      sizes.push(residentMegabytes(server.pid));
      console.log(`${answers} answers, ${recorded} entries, ${sizes.at(-1)} MB`);
    }
  }

  try {
    await Promise.all([watchMemory(), ...Array.from({ length: 8 }, (_, writer) => write(writer))]);
    const { body } = await server.graphql('{ logTypes { types { type count } } }');
    expect(body.data.logTypes.types).toEqual([{ type: 'CLICK', count: recorded }]);
    expect(sizes.at(-1)! - sizes[0]!).toBeLessThan(maxGrowth);
    expect((await server.end()).exitCode).toBe(0);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

/** Resident memory of a process in MB (proc_pid_status(5)). */
function residentMegabytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return Math.round(Number(kilobytes) / 1_024);
}
