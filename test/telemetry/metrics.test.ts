import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { createMetrics } from '../../src/telemetry/metrics';
import { originalLog } from '../support/server/original-log';
import { startServer } from '../support/server/server';

it('docs/operations.md has each metric with its type and labels', async () => {
  const metrics = createMetrics();
  metrics.retentionDays();
  metrics.unsentBytes(() => 0);
  metrics.replicaUsable();
  metrics.walBytes(() => 0);
  metrics.feedLagSeconds(() => 0);
  const all = metrics.registry.getMetricsAsArray();
  const prefixes = new Set(all.map(({ name }) => name.split('_')[0]));
  expect([...prefixes].sort()).toEqual(['log', 'nodejs', 'process']);
  const prefix = 'log_manager_';
  const [, table] = readFileSync('docs/operations.md', 'utf8').split(/^## (?:Metrics|Log)$/m);
  const rows = table!
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, name, type, labels]) => [name!.slice(1, -1), type, labels!.split(':')[0]]);
  const names = all.filter(({ name }) => name.startsWith(prefix));
  const types = await metrics.registry.getMetricsAsJSON();
  expect(rows.sort()).toEqual(
    names
      .map((metric) => {
        const { labelNames } = metric as unknown as { labelNames: readonly string[] };
        const type = types.find(({ name }) => name === metric.name)!.type as unknown;
        const labels = labelNames.map((label) => `\`${label}\``).join(', ');
        return [metric.name.slice(prefix.length), type, labels || '–'];
      })
      .sort(),
  );
});

it('a server without RETENTION_DAYS and replica has no metrics for them, and counts what it does', async () => {
  const server = await startServer();
  const read = async () => (await fetch(`${server.url}/metrics`)).text();
  const send = (body: object) =>
    server.rest('POST', '/logs/', { ...originalLog, idempotencyKey: 'k', ...body });
  try {
    const { data } = await server.graphql('{ serverInfo { retentionDays } }');
    expect(data.serverInfo.retentionDays).toBeNull();
    const statuses = [await send({}), await send({}), await send({ actions: [] })].map(
      ({ status }) => status,
    );
    expect(statuses).toEqual([201, 201, 422]);
    await server.graphql('mutation { deleteUserData(userId: "ABC123XYZ") { deletedCount } }');
    const lines = (await read()).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'log_manager_entries_recorded_total 3',
        'log_manager_sessions_replayed_total 2',
        'log_manager_commit_sessions_sum 3',
        'log_manager_entries_erased_total{reason="request"} 3',
      ]),
    );
    expect(lines.join('\n')).not.toMatch(/log_manager_(retention_days|replica_usable)/);
  } finally {
    await server.stop();
  }
  expect(await createMetrics().registry.metrics()).toContain('log_manager_retention_timestamp_seconds 0\n');
});
