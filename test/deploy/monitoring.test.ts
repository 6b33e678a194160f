import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { errorCodes } from '../../src/logs/model/error-codes';
import { createMetrics } from '../../src/telemetry/metrics';
import { readDeployed, readYaml, root, type Yaml } from './support/deploy';
import { describePromtool, findFaults } from './support/promtool';

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: Readonly<Record<'summary' | 'description', string>>;
}

const alerts = readYaml('prometheus/alerts.yml').groups[0].rules as readonly Alert[];
const dashboard = JSON.parse(readDeployed('grafana/dashboard.json'));
const panels = dashboard.panels as readonly Yaml[];
const drawn = panels.flatMap(({ targets = [] }) =>
  targets.map(({ expr }: { expr: string }) => expr),
) as string[];
const queries = [...alerts.map(({ expr }) => expr), ...drawn];

describe('the alerts and the dashboard', () => {
  const metrics = createMetrics();
  metrics.retentionDays();
  metrics.unsentBytes(() => 0);
  metrics.replicaUsable();
  metrics.walBytes(() => 0);
  metrics.feedLagSeconds(() => 0);
  const all = metrics.registry.getMetricsAsArray() as unknown as readonly {
    readonly name: string;
    readonly labelNames: readonly string[];
    readonly buckets?: unknown;
  }[];
  const labelsOf = new Map(
    all.flatMap(({ name, labelNames, buckets }) =>
      buckets
        ? ['bucket', 'sum', 'count'].map((part) => [`${name}_${part}`, [...labelNames, 'le']] as const)
        : [[name, labelNames] as const],
    ),
  );

  it('name only metrics of the server, and labels that they have', () => {
    const selectors = queries.flatMap((query) => [
      ...query.matchAll(/\b((?:log_manager|process|nodejs)_\w+)(?:\{([^}]*)\})?/g),
    ]);
    expect(selectors.length).toBeGreaterThan(queries.length);
    for (const [, name, matchers = ''] of selectors) {
      expect([name, labelsOf.has(name!)]).toEqual([name, true]);
      const labels = [...matchers.matchAll(/(\w+)(?:=~?|!=|!~)"/g)].map(([, label]) => label!);
      const known = ['job', 'instance', ...labelsOf.get(name!)!];
      expect(labels.filter((label) => !known.includes(label))).toEqual([]);
    }
  });

  it('name only codes that errors have', () => {
    const codes = queries.flatMap((query) => [...query.matchAll(/code=~?"([^"]*)"/g)]);
    const names = codes.flatMap(([, text]) => text!.split('|'));
    expect(names).toContain('STORAGE_FULL');
    expect(names.filter((name) => !(name in errorCodes))).toEqual([]);
  });

  it('show each metric of the server on the dashboard', () => {
    const own = all.map(({ name }) => name).filter((name) => name.startsWith('log_manager_'));
    expect(own.filter((name) => !drawn.some((query) => query.includes(name)))).toEqual([]);
  });

  it('send the operator to pages and headings that there are', () => {
    const texts = [
      ...alerts.map(({ annotations }) => annotations.description),
      readDeployed('grafana/dashboard.json'),
    ];
    const links = texts.flatMap((text) => [...text.matchAll(/((?:docs|deploy)\/[\w/.-]+\w)(?:#([\w-]+))?/g)]);
    expect(links.length).toBeGreaterThan(10);
    for (const [link, path, heading] of links) {
      expect([link, existsSync(join(root, path!))]).toEqual([link, true]);
      if (heading === undefined) continue;
      const headings = [...readFileSync(join(root, path!), 'utf8').matchAll(/^#+ (.*)$/gm)];
      expect(headings.map(([, text]) => text!.toLowerCase().replaceAll(' ', '-'))).toContain(heading);
    }
  });

  it('have panels with an id and a title of their own, on the data source that the user chooses', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    for (const { type, datasource } of panels) {
      if (type !== 'row') expect(datasource.uid).toBe('${datasource}');
    }
    expect(dashboard.templating.list.map(({ name }: Yaml) => name)).toEqual([
      'datasource',
      'job',
      'instance',
    ]);
  });
});

describePromtool('promtool', () => {
  const rules = readDeployed('prometheus/alerts.yml');

  it('takes the rules and the configuration', () => {
    const files = { 'alerts.yml': rules, 'prometheus.yml': readDeployed('prometheus/prometheus.yml') };
    expect(findFaults(['check', 'config', 'prometheus.yml'], files)).toBe('');
    const wrong = { 'alerts.yml': rules.replace('rate(', 'ratio(') };
    expect(findFaults(['check', 'rules', 'alerts.yml'], wrong)).toContain('unknown function');
  });

  it('takes the queries of the dashboard', () => {
    const text = (query: string) =>
      query.replaceAll('$__rate_interval', '5m').replaceAll('$job', 'j').replaceAll('$instance', 'i');
    const recorded = drawn.map((query, at) => ({ record: `drawn:${at}`, expr: text(query) }));
    const file = stringify({ groups: [{ name: 'dashboard', rules: recorded }] });
    expect(findFaults(['check', 'rules', 'dashboard.yml'], { 'dashboard.yml': file })).toBe('');
  });

  /** Series with a value for a server that suffers, and one for a server that does well; both each minute. */
  const series: readonly [series: string, bad: string, good: string][] = [
    ['up', '0x90', '1x90'],
    ['log_manager_http_requests_total{route="/graphql",status="200"}', '0+60x90', '0+60x90'],
    ['log_manager_http_requests_total{route="/readyz",status="503"}', '0+10x90', '0x90'],
    ['log_manager_rejections_total{code="INTERNAL_SERVER_ERROR"}', '0x84 1x6', '1x90'],
    ['log_manager_rejections_total{code="STORAGE_FULL"}', '0x84 1x6', '0x90'],
    ['log_manager_rejections_total{code="SERVICE_UNAVAILABLE"}', '0+60x90', '0+0.1x90'],
    ['log_manager_rejections_total{code="UNAUTHENTICATED"}', '0+120x90', '0+1x90'],
    ['log_manager_http_request_duration_seconds_bucket{route="/graphql",le="2.5"}', '0x90', '0+60x90'],
    ['log_manager_http_request_duration_seconds_bucket{route="/graphql",le="5"}', '0+60x90', '0+60x90'],
    ['log_manager_http_request_duration_seconds_bucket{route="/graphql",le="+Inf"}', '0+60x90', '0+60x90'],
    ['log_manager_commit_duration_seconds_bucket{le="1"}', '0x90', '0+60x90'],
    ['log_manager_commit_duration_seconds_bucket{le="2.5"}', '0+60x90', '0+60x90'],
    ['log_manager_commit_duration_seconds_bucket{le="+Inf"}', '0+60x90', '0+60x90'],
    ['log_manager_expensive_reads_waiting', '1x90', '0 1 0x88'],
    ['log_manager_expensive_reads_refused_total{reason="overload"}', '0+60x90', '0x90'],
    ['log_manager_unsent_bytes', '65000000x90', '63000000x90'],
    ['log_manager_connections_cut_total{reason="slow"}', '0+60x90', '0x90'],
    ['log_manager_wal_bytes', '201000000x90', '128000000x90'],
    ['log_manager_retention_timestamp_seconds', '0x90', '0+60x90'],
    ['log_manager_replica_usable', '0x90', '1x90'],
    ['log_manager_feed_lag_seconds', '61x90', '59x90'],
    ['nodejs_eventloop_lag_p99_seconds', '0.6x90', '0.1x90'],
    ['process_open_fds', '900x90', '700x90'],
    ['process_max_fds', '1000x90', '1000x90'],
  ];

  it.each([
    ['fires every alert for a server that suffers', 'bad'],
    ['fires none for a server that does well', 'good'],
  ])('%s', (_name, kind) => {
    const input = series.map(([name, bad, good]) => {
      const labels = 'job="log-manager",instance="i"';
      const named = name.endsWith('}') ? name.replace('{', `{${labels},`) : `${name}{${labels}}`;
      return { series: named, values: kind === 'bad' ? bad : good };
    });
    const fired = kind === 'bad' ? alerts.map(({ alert }) => alert) : [];
    const test = {
      rule_files: ['alerts.yml'],
      tests: [
        {
          interval: '1m',
          input_series: input,
          promql_expr_test: [
            {
              expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
              eval_time: '88m',
              exp_samples: fired.map((alert) => ({ labels: `{alertname="${alert}"}`, value: 1 })),
            },
          ],
        },
      ],
    };
    const files = { 'alerts.yml': rules, 'test.yml': stringify(test) };
    expect(findFaults(['test', 'rules', 'test.yml'], files)).toBe('');
  });
});
