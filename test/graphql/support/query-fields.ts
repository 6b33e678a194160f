import { toLiteral } from '../../support/server/doors';
import type { GraphQLAnswer, TestServer } from '../../support/server/server';

/** Arguments of a field of `Query` and of the fields in it, by their names. */
export type Arguments = Readonly<Record<string, unknown>>;

/** Writes the arguments of a field that are given; `always` are others, as they are. */
type WriteArguments = (names: readonly string[], always?: string) => string;

interface QueryField {
  /** The types that variables for the arguments are declared with. */
  readonly types: Readonly<Record<string, string>>;
  readonly write: (args: WriteArguments) => string;
  /** Arguments for which there is an answer. */
  readonly right: Arguments;
}

const page = { first: 'Int', after: 'String' };
const filter = { filter: 'LogFilter' };

const fields = {
  logsConnection: {
    types: { ...filter, ...page, upTo: 'Int' },
    write: (args) => `logsConnection${args(['filter', 'first', 'after'])} {
      nodes { id } totalCount${args(['upTo'])} { value exact }
    }`,
    right: {},
  },
  logHistogram: {
    types: { ...filter, timeZone: 'String', topGroups: 'Int' },
    write: (args) => `logHistogram${args(['filter', 'timeZone', 'topGroups'], 'interval: MONTH')} {
      buckets { start end count }
    }`,
    right: { timeZone: 'UTC' },
  },
  logTypes: {
    types: { ...filter, first: 'Int' },
    write: (args) => `logTypes${args(['filter', 'first'])} { types { type count } }`,
    right: {},
  },
  clickMap: {
    types: { ...filter, x: 'String', y: 'String', cell: 'Int' },
    write: (args) => `clickMap${args(['filter', 'x', 'y', 'cell'])} { cells { x y count } }`,
    right: {},
  },
  session: {
    types: { userId: 'String!', sessionId: 'String!', ...page },
    write: (args) => `session${args(['userId', 'sessionId'])} {
      entryCount entries${args(['first', 'after'])} { nodes { id } }
    }`,
    right: { userId: 'u', sessionId: 's' },
  },
  sessions: {
    types: { filter: 'SessionFilter', ...page },
    write: (args) => `sessions${args(['filter', 'first', 'after'])} { nodes { entryCount } }`,
    right: {},
  },
} satisfies Record<string, QueryField>;

export type QueryFieldName = keyof typeof fields;

/** The fields that take a filter on entries. */
export const filtered = ['logsConnection', 'logHistogram', 'logTypes', 'clickMap'] as const;

/** One of the ways to send arguments, which must all be judged alike. */
export interface QueryDoor {
  readonly name: 'literal' | 'variable' | 'fast path';
  ask(server: TestServer, field: QueryFieldName, args: Arguments): Promise<GraphQLAnswer>;
}

export const queryDoors: readonly QueryDoor[] = [
  {
    name: 'literal',
    ask: (server, field, args) => {
      const { write, right }: QueryField = fields[field];
      const all = { ...right, ...args };
      return server.graphql(`{ ${write(writer((name) => toLiteral(all[name]), all))} }`);
    },
  },
  { name: 'variable', ask: (server, field, args) => askWithVariables(server, field, args, '') },
  {
    name: 'fast path',
    ask: async (server, field, args) => {
      await teach(server, field);
      return askWithVariables(server, field, args, 'Known');
    },
  },
];

const taught = new WeakMap<TestServer, Set<QueryFieldName>>();

/** The first time an operation is seen, the second time learned, and the third time answered by its plan. */
async function teach(server: TestServer, field: QueryFieldName): Promise<void> {
  const known = taught.get(server) ?? new Set();
  taught.set(server, known);
  if (known.has(field)) return;
  known.add(field);
  for (let times = 1; times <= 3; times++) {
    const { errors } = await askWithVariables(server, field, {}, 'Known');
    if (errors) throw new Error(JSON.stringify(errors));
  }
}

function askWithVariables(
  server: TestServer,
  field: QueryFieldName,
  args: Arguments,
  name: string,
): Promise<GraphQLAnswer> {
  const { types, write, right }: QueryField = fields[field];
  const declared = Object.entries(types).map(([variable, type]) => `$${variable}: ${type}`);
  const query = `query ${name} (${declared.join(', ')}) { ${write(writer((variable) => `$${variable}`, types))} }`;
  return server.graphql(query, { ...right, ...args });
}

function writer(write: (name: string) => string, all: Arguments): WriteArguments {
  return (names, always = '') => {
    const given = names.filter((name) => Object.hasOwn(all, name));
    const written = [...given.map((name) => `${name}: ${write(name)}`), always].filter(Boolean);
    return written.length > 0 ? `(${written.join(', ')})` : '';
  };
}
