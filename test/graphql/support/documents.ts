import fc from 'fast-check';

export interface Request {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly operationName: string | undefined;
}

const entryFields = ['id', 'time', 'type', 'properties', 'userId', 'sessionId', 'receivedAt'];
/** One field each: the same alias for two fields is no valid document. */
const aliases = ['a', '_', '__proto__', 'constructor', 'b', 'c', 'toString'];

/** Values for variables, by the type they are declared with; some do not fit. */
const values: Readonly<Record<string, readonly unknown[]>> = {
  String: ['u1', 'u2', 'nobody', 'CLICK', null, 'ü"\\'],
  'String!': ['u1', 'u2', 'CLICK'],
  DateTime: ['2018-10-18T21:37:28-06:00', '2018-10-19', '1990-01-01', null],
  'DateTime!': ['2018-10-18T21:37:28-06:00', '2019-01-01T00:00:00.123456789Z'],
  'Boolean!': [true, false],
};

/** A request of the Query type: valid ones mostly, with what a document can hold, in any mixture. */
export const queries: fc.Arbitrary<Request> = fc.gen().map((gen) => {
  const pick = <Item>(items: readonly Item[]): Item => gen(fc.constantFrom<Item[]>, ...items);
  const chance = (percent: number): boolean => gen(fc.integer, { min: 1, max: 100 }) <= percent;
  const times = (max: number): number[] =>
    Array.from({ length: gen(fc.integer, { min: 1, max }) }, (_, at) => at);

  const declared = new Map<string, string>();
  const variables: Record<string, unknown> = {};
  const fragments: string[] = [];
  let logsCount = 0;

  function variable(type: string): string {
    const known = [...declared].filter(([, declaredType]) => declaredType.startsWith(type));
    if (known.length > 0 && chance(50)) return `$${pick(known)[0]}`;
    const name = pick(['v', '__proto__x', 'if', 'user']) + String(declared.size);
    const fallback = type.startsWith('String') && chance(20) ? ' = "u1"' : '';
    declared.set(name, type + fallback);
    if (chance(99)) variables[name] = chance(97) ? pick(values[type]!) : pick([null, 7, '', {}]);
    return `$${name}`;
  }

  function directive(): string {
    if (!chance(25)) return '';
    const condition = chance(35) ? pick(['true', 'false']) : variable('Boolean!');
    const first = `@${pick(['skip', 'include'])}(if: ${condition})`;
    if (!chance(10)) return first;
    return `${first} @${first.startsWith('@skip') ? 'include' : 'skip'}(if: ${variable('Boolean!')})`;
  }

  function entrySelections(depth: number): string {
    return times(5)
      .map(() => {
        if (depth > 0 && chance(15)) {
          const on = chance(50) ? ' on LogEntry' : '';
          return `...${on} ${directive()} { ${entrySelections(depth - 1)} }`;
        }
        if (depth > 0 && chance(15)) {
          const reused = fragments.length > 0 && chance(40);
          const name = reused ? `F${gen(fc.nat, fragments.length - 1)}` : fragment(depth);
          return `...${name} ${directive()}`;
        }
        const field = chance(8) ? '__typename' : pick(entryFields);
        const alias = chance(25) ? `${aliases[entryFields.indexOf(field)] ?? 'd'}: ` : '';
        return `${alias}${field} ${directive()}`;
      })
      .join(' ');
  }

  function fragment(depth: number): string {
    const selections = entrySelections(depth - 1);
    fragments.push(`fragment F${fragments.length} on LogEntry { ${selections} }`);
    return `F${fragments.length - 1}`;
  }

  function argument(name: string, type: string, literals: readonly string[]): string[] {
    if (chance(55)) return [];
    const value = chance(50) ? variable(pick([type, `${type}!`])) : pick(literals);
    return [`${name}: ${value}`];
  }

  function logs(): string {
    const instants = ['"2018-10-18T21:37:28-06:00"', '"2018-10-20"', 'null', '"2019-01-02"'];
    const args = [
      ...argument('user', 'String', ['"u1"', '"""u2"""', 'null']),
      ...argument('type', 'String', ['"CLICK"', '"VIEW"', 'null']),
      ...argument('startTime', 'DateTime', instants),
      ...argument('endTime', 'DateTime', instants),
    ];
    const list = args.length > 0 ? `(${args.join(', ')})` : '';
    const alias = chance(90) ? `${pick(['x', 'y', '__proto__'])}${++logsCount}: ` : '';
    return `${alias}logs${list} ${directive()} { ${entrySelections(2)} }`;
  }

  function rootSelections(depth: number): string {
    return times(3)
      .map(() => {
        if (chance(10)) return `${chance(50) ? 'kind: ' : ''}__typename ${directive()}`;
        if (chance(4)) return 'serverInfo { version }';
        if (depth > 0 && chance(15)) return `... on Query ${directive()} { ${rootSelections(0)} }`;
        return logs();
      })
      .join(' ');
  }

  const selections = rootSelections(1);
  const definitions = [...declared].map(([name, type]) => `$${name}: ${type}`);
  const head = definitions.length > 0 ? `(${definitions.join(', ')})` : '';
  const isNamed = definitions.length > 0 || chance(30);
  const second = isNamed && chance(15) ? ' query Second { __typename }' : '';
  return {
    query: `${isNamed ? `query First${head}` : ''} { ${selections} } ${fragments.join(' ')}${second}`,
    variables,
    operationName: isNamed && (second || chance(30)) ? (chance(95) ? 'First' : 'Third') : undefined,
  };
});
