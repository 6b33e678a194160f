import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onCleanUp, startChild, waitUntil } from '../../support/processes/children';
import { haproxyTool } from './tools';

export interface Target {
  readonly name: string;
  readonly port: number;
}

interface Routes {
  /** Where clients find the API, and the instances behind it. */
  readonly api: { readonly port: number; readonly instances: readonly Target[] };
  /** Where instances find the primary, and the nodes of which one is, with the ports of their agents. */
  readonly primary?: {
    readonly port: number;
    readonly nodes: readonly (Target & { readonly agentPort: number })[];
  };
}

export interface HAProxy {
  /** Waits until HAProxy has checked the server and sends to it, or does not. */
  waitFor(server: string, isUp: boolean): Promise<void>;
}

/** POST is repeated only while no connection has been made: nothing can have been stored then. */
function configuration(directory: string, { api, primary }: Routes): string {
  const servers = (targets: readonly Target[], options: (target: Target) => string): string =>
    targets
      .map((target) => `  server ${target.name} 127.0.0.1:${target.port} check${options(target)}\n`)
      .join('');
  const agentPorts = new Map(primary?.nodes.map((node) => [node.name, node.agentPort]));
  return `
global
  stats socket ${directory}/stats mode 600 level operator

defaults
  timeout connect 2s
  timeout check 2s
  default-server inter 500ms fall 1 rise 1

frontend api
  mode http
  timeout client 60s
  bind 127.0.0.1:${api.port}
  default_backend instances

backend instances
  mode http
  timeout server 60s
  balance leastconn
  option httpchk
  http-check send meth GET uri /readyz
  retries 3
  option redispatch 1
  retry-on conn-failure
${servers(api.instances, () => '')}
${
  primary
    ? `
frontend sql
  mode tcp
  timeout client 1h
  bind 127.0.0.1:${primary.port}
  default_backend primary

backend primary
  mode tcp
  timeout server 1h
  option httpchk
  http-check send meth GET uri /primary
  default-server on-marked-down shutdown-sessions
${servers(primary.nodes, ({ name }) => ` port ${agentPorts.get(name)}`)}`
    : ''
}`;
}

/** Starts HAProxy as a child in the foreground. */
export async function startHAProxy(routes: Routes): Promise<HAProxy> {
  const directory = mkdtempSync(join(tmpdir(), 'log-manager-haproxy-'));
  onCleanUp(async () => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'haproxy.cfg');
  writeFileSync(file, configuration(directory, routes));
  const child = startChild(haproxyTool(), ['-db', '-f', file]);
  const socket = join(directory, 'stats');
  await waitUntil('HAProxy runs', 10_000, async () => {
    if (child.ended() !== undefined) throw new Error(`HAProxy ended:\n${child.output()}`);
    return (await showStat(socket)).length > 0;
  });
  return {
    waitFor: (server, isUp) =>
      waitUntil(`HAProxy has ${server} ${isUp ? 'up' : 'down'}`, 30_000, async () => {
        const row = (await showStat(socket)).find(({ svname }) => svname === server);
        // INI: not checked yet, and taken for up.
        return row?.['check_status'] !== 'INI' && row?.['status'] === (isUp ? 'UP' : 'DOWN');
      }),
  };
}

/** The rows of HAProxy's CSV of statistics, by the names in its first line. */
async function showStat(path: string): Promise<Record<string, string>[]> {
  const text = await new Promise<string>((resolve) => {
    let answer = '';
    const socket = createConnection(path, () => socket.write('show stat\n'));
    socket.setEncoding('utf8').on('data', (part: string) => (answer += part));
    socket.on('error', () => {}).on('close', () => resolve(answer));
  });
  const [head = '', ...lines] = text.replace(/^# /, '').trim().split('\n');
  const names = head.split(',');
  return lines.map((line) =>
    Object.fromEntries(line.split(',').map((value, at) => [names[at] ?? '', value])),
  );
}
