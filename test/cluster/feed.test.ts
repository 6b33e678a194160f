import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rmSync } from 'node:fs';
import { call } from '../support/journal/api';
import { cleanUp, runTool } from '../support/processes/children';
import { freePorts } from '../support/processes/free-ports';
import { Instance } from '../support/processes/instances';
import { report } from '../support/processes/programs';
import { PostgresNode, role } from './support/postgres-node';
import { describeCluster, postgresTool } from './support/tools';

const onPrimary = { headers: { 'x-read-your-writes': '1' } };
const record = `mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }`;
const logChanges = `query ($after: String) { logChanges(after: $after, first: 50) {
  entries { type } erasures { userId } cursor hasMore } }`;

describeCluster('the feed', () => {
  let primary: PostgresNode;
  let standby: PostgresNode;
  let instance: Instance;
  let sent = 0;

  beforeAll(async () => {
    const [first, second, api] = (await freePorts(3)) as [number, number, number];
    primary = new PostgresNode('node1', first);
    standby = new PostgresNode('node2', second);
    await primary.initialize();
    await standby.copyFrom(primary);
    await standby.start();
    instance = new Instance('instance1', api, {
      DATABASE_URL: primary.url,
      DATABASE_READ_URL: standby.url,
      READ_MAX_LAG_MS: '1000',
    });
    await instance.start();
  }, 60_000);
  afterAll(cleanUp);

  async function write(to = instance): Promise<void> {
    const type = `T${sent++}`;
    const actions = [{ time: new Date().toISOString(), type }];
    const input = { userId: `user-${sent % 7}`, sessionId: `session-${sent}`, actions };
    const reply = await call(to.url, record, { input });
    expect(reply).toMatchObject({ body: { data: { recordSession: { recordedCount: 1 } } } });
  }

  async function read(after: string | undefined, options = {}, from = instance) {
    const reply = await call(from.url, logChanges, { after }, options);
    if (!reply.isAnswered) throw new Error(reply.error);
    return reply.body;
  }

  /** Everything from the start, in order. */
  async function readAll(from: Instance): Promise<string[]> {
    const seen: string[] = [];
    for (let after: string | undefined, hasMore = true; hasMore;) {
      const { logChanges: page } = (await read(after, onPrimary, from)).data;
      seen.push(...page.entries.map(({ type }: { type: string }) => type));
      ({ cursor: after, hasMore } = page);
    }
    return seen;
  }

  it('gives each entry once when pages come from a late replica and from the primary by turns', async () => {
    await standby.configure('recovery_min_apply_delay', '300ms');
    const writers = 4;
    const each = 150;
    let writing = writers;
    const seen: string[] = [];
    let stale = 0;
    const follow = async (): Promise<void> => {
      let after: string | undefined;
      for (let turn = 0; writing > 0 || seen.length < writers * each; turn++) {
        const body = await read(after, turn % 2 === 0 ? onPrimary : {});
        expect(body.errors).toBeUndefined();
        const { entries, cursor } = body.data.logChanges;
        if (turn % 2 === 1 && entries.length === 0) stale++;
        seen.push(...entries.map(({ type }: { type: string }) => type));
        after = cursor;
      }
    };
    const writer = async (): Promise<void> => {
      for (let at = 0; at < each; at++) await write();
      writing--;
    };
    await Promise.all([follow(), ...Array.from({ length: writers }, writer)]);
    report(`${seen.length} entries read by turns, ${stale} pages of the replica were empty`);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(sent);
    expect(await readAll(instance)).toEqual(seen);
    expect(await instance.metric('log_manager_replica_usable')).toBe(1);
    await standby.configure('recovery_min_apply_delay', '0');
  }, 60_000);

  it('goes on under a new epoch after pg_dump and a restore into a new cluster', async () => {
    const before = await readAll(instance);
    const { cursor } = (await read(undefined, onPrimary)).data.logChanges;
    const [port, api] = (await freePorts(2)) as [number, number];
    const restored = new PostgresNode('node3', port);
    await restored.initialize();
    const file = join(tmpdir(), `log-manager-${port}.sql`);
    const as = (node: PostgresNode) => ['-h', '127.0.0.1', '-p', `${node.port}`, '-U', role, '-d', role];
    await runTool(postgresTool('pg_dump'), [...as(primary), '--no-owner', '-f', file]);
    await runTool(postgresTool('psql'), [...as(restored), '-q', '-v', 'ON_ERROR_STOP=1', '-f', file]);
    rmSync(file);
    // The ids of its transactions are lower than those of the cluster that was dumped.
    const [{ next }] = (await restored.sql<{ next: string }>(
      `SELECT pg_current_xact_id()::text::bigint - max(commit_id) AS next FROM log_entry`,
    )) as [{ next: string }];
    const other = new Instance('instance2', api, { DATABASE_URL: restored.url });
    await other.start();
    const refused = await read(cursor, {}, other);
    expect(refused.errors[0].extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      reason: 'CURSOR_OF_ANOTHER_DATABASE',
    });
    const first = sent;
    for (let at = 0; at < 20; at++) await write(other);
    const added = Array.from({ length: 20 }, (_, at) => `T${first + at}`);
    expect(await readAll(other)).toEqual([...before, ...added]);
    report(`the next transaction of the new cluster was ${next} after the last commit of the old one`);
    expect(Number(next)).toBeLessThan(0);
    expect(await other.stop()).toBe(0);
  }, 60_000);
});
