import { expect } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createDatabase, dialect } from '../support/database/database';
import { startServerProcess } from '../support/processes/server-process';
import { itLong } from '../support/scale';
import { sendHttp } from '../support/server/http';

const entryCount = 10_000;
const propertiesBytes = 32_768;
/** Above what the process takes before it reads: SQLite's first reader takes 256 MB up to four times. */
const maxGrowth = 1_000;

/** Entries of 32 KiB: SQLite keeps `{"n":1,"a":"…"}`; PostgreSQL writes two spaces more. */
const fill = {
  sqlite: `WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ${entryCount})
    INSERT INTO log_entry (time, type, properties, user_id, session_id, received_at)
    SELECT 0, 'T', json_object('n', n, 'a', hex(zeroblob(${propertiesBytes / 2 - 10}))), 'u', 's', 0 FROM n`,
  postgres: `INSERT INTO log_entry (id, time, type, properties, user_id, session_id, received_at)
    SELECT n, to_timestamp(0), 'T', jsonb_build_object('n', n, 'a', repeat('x', ${propertiesBytes - 20})),
      'u', 's', to_timestamp(0) FROM generate_series(1, ${entryCount}) AS n`,
};

/** Highest resident memory of a process so far, in MB (proc_pid_status(5)). */
function peakMegabytes(pid: number): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return Math.round(Number(kilobytes) / 1_024);
}

itLong(
  'a page of 320 MB is refused in bounded memory, and pages of half of it are complete',
  async () => {
    const database = await createDatabase();
    const server = await startServerProcess({
      DATABASE_URL: database.url,
      QUERY_TIMEOUT_MS: '60000',
      MAX_RESPONSE_BYTES: '256000000',
    });
    try {
      await database.execute(fill[dialect]);
      const before = peakMegabytes(server.pid);
      const get = (path: string) => sendHttp(server.url + path);
      const refused = await Promise.all(Array.from({ length: 6 }, () => get(`/logs/?limit=${entryCount}`)));
      for (const { status, body } of refused) {
        const { code, limitBytes } = body.errors[0].extensions;
        expect([status, code, limitBytes]).toEqual([400, 'RESULT_TOO_LARGE', 256_000_000]);
      }
      expect(peakMegabytes(server.pid) - before).toBeLessThan(maxGrowth);

      const numbers: number[] = [];
      let next: string | undefined = `/logs/?limit=${entryCount / 2}`;
      while (next !== undefined) {
        const { status, headers, body } = await get(next);
        expect(status).toBe(200);
        for (const { properties } of body) {
          numbers.push(properties.n);
          if (properties.a.length !== propertiesBytes - 20) throw new Error('a cut entry');
        }
        next = /^<([^>]+)>/.exec((headers['link'] as string | undefined) ?? '')?.[1];
      }
      expect(numbers).toEqual(Array.from({ length: entryCount }, (_, at) => at + 1));
      expect(peakMegabytes(server.pid) - before).toBeLessThan(maxGrowth);
    } finally {
      await server.end('SIGKILL');
      await database.remove();
    }
  },
  300_000,
);
