import { request } from 'node:http';
import type { AnsweredError, TestServer } from './server';

/** Stands for a token that JSON.stringify cannot write, such as 1e400 or -0.0. */
export const raw = (token: string): string => `@raw:${token}@`;

/** What a door answers. */
export interface Outcome {
  readonly error?: AnsweredError;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the entries, with any properties
  readonly entries?: any;
}

/** One of the ways in, all of which must accept and refuse alike. */
export interface Door {
  readonly name: 'literal' | 'variable' | 'REST';
  /** Where a session stands in a request, as the paths of violations begin. */
  readonly prefix: 'input.' | '';
  record(server: TestServer, session: unknown): Promise<Outcome>;
}

export interface Range {
  readonly user?: string;
  readonly startTime?: unknown;
  readonly endTime?: unknown;
}

/** One of the ways to read a range. */
export interface RangeDoor {
  readonly name: string;
  readonly pathOf: (argument: 'startTime' | 'endTime') => string;
  logs(server: TestServer, range: Range): Promise<Outcome>;
}

const fields = 'time type properties userId sessionId';

export const doors: readonly Door[] = [
  {
    name: 'literal',
    prefix: 'input.',
    record: (server, session) =>
      execute(server, `mutation { recordSession(input: ${toLiteral(session)}) { entries { ${fields} } } }`),
  },
  {
    name: 'variable',
    prefix: 'input.',
    record: (server, input) =>
      execute(
        server,
        `mutation ($input: RecordSessionInput!) { recordSession(input: $input) { entries { ${fields} } } }`,
        { input },
      ),
  },
  {
    name: 'REST',
    prefix: '',
    record: async (server, session) => {
      const { status, body } = await server.rest('POST', '/logs/', toJson(session));
      return status === 201 ? { entries: body } : { error: body.errors[0] };
    },
  },
];

const snakeCase = { user: 'user', startTime: 'start_time', endTime: 'end_time' } as const;

export const rangeDoors: readonly RangeDoor[] = [
  {
    name: 'literal',
    pathOf: (argument) => argument,
    logs: (server, range) => execute(server, `{ logs(${toLiteral(range).slice(1, -1)}) { ${fields} } }`),
  },
  {
    name: 'variable',
    pathOf: (argument) => argument,
    logs: (server, range) =>
      execute(
        server,
        `query ($user: String, $startTime: DateTime, $endTime: DateTime) {
          logs(user: $user, startTime: $startTime, endTime: $endTime) { ${fields} }
        }`,
        range,
      ),
  },
  {
    name: 'REST query string',
    pathOf: (argument) => snakeCase[argument],
    logs: async (server, range) => {
      const parameters = new URLSearchParams(toSnakeCase(range) as Record<string, string>);
      return toOutcome(await server.rest('GET', `/logs/?${parameters}`));
    },
  },
  {
    name: 'REST body',
    pathOf: (argument) => snakeCase[argument],
    logs: async (server, range) =>
      toOutcome(await getWithBody(`${server.url}/logs/`, toJson(toSnakeCase(range)))),
  },
];

function toSnakeCase(range: Range): object {
  return Object.fromEntries(
    Object.entries(range).map(([name, value]) => [snakeCase[name as keyof Range], value]),
  );
}

/** Writes JSON, with the tokens of {@link raw} in place. */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replace(/"@raw:([^@]*)@"/g, '$1');
}

/** Writes a GraphQL literal; strings are escaped as in JSON, keys must be names. */
export function toLiteral(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toLiteral).join(' ')}]`;
  if (typeof value !== 'object' || value === null) return toJson(value);
  const written = Object.entries(value).map(([name, item]) => `${name}: ${toLiteral(item)}`);
  return `{${written.join(' ')}}`;
}

async function execute(server: TestServer, query: string, variables?: object): Promise<Outcome> {
  const { body } = await server.rest('POST', '/graphql', toJson({ query, variables }));
  if (body.errors) {
    if (body.errors.length !== 1) throw new Error(`not one error: ${JSON.stringify(body)}`);
    return { error: body.errors[0] };
  }
  return { entries: body.data.logs ?? body.data.recordSession.entries };
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- an array of entries, or errors
function toOutcome({ status, body }: { status: number; body: any }): Outcome {
  return status === 200 ? { entries: body } : { error: body.errors[0] };
}

/** A GET with a body, as Python's requests sends it and fetch does not. */
function getWithBody(url: string, text: string): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    };
    const sent = request(url, { method: 'GET', headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
        resolve({ status: response.statusCode!, body });
      });
    });
    sent.on('error', reject);
    sent.end(text);
  });
}

/** JSON with sorted keys, in which -0 differs from 0, for comparing whatever keys there are, `__proto__` too. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (Object.is(value, -0)) return '-0';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const object = value as Record<string, unknown>;
  const written = Object.keys(object)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(object[key])}`);
  return `{${written.join(',')}}`;
}
