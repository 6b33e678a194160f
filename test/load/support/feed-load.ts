import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { call } from '../../support/journal/api';
import { startSteadyLoad, type SteadyLoad } from '../../support/journal/steady-load';

const perSession = 20;
/** Each of them has 1 % of the entries. */
export const typesOfLoad = Array.from({ length: 100 }, (_, at) => `type-${at}`);

const record = `mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }`;

/** Records entries at a steady rate. @param textLength characters of the properties of each */
export function startRecording(url: string, entriesPerSecond: number, textLength: number): SteadyLoad {
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const text = 'x'.repeat(textLength);
  return startSteadyLoad(entriesPerSecond / perSession, async (n) => {
    const actions = Array.from({ length: perSession }, (_, at) => ({
      time: new Date(Date.UTC(2026, 0, 1) + n * 1_000 + at).toISOString(),
      type: typesOfLoad[(n * perSession + at) % typesOfLoad.length]!,
      properties: { at, text },
    }));
    const input = { userId: `user-${n % 1_000}`, sessionId: `session-${n}`, actions };
    const reply = await call(url, record, { input }, { agent });
    return reply.isAnswered && reply.body?.data ? undefined : JSON.stringify(reply).slice(0, 300);
  });
}

/** CPU time of a process so far, in milliseconds. */
export function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  // In hundredths of a second: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

export function rssMbOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1_024;
}
