import { compileLines, type Example } from './example';

const imports = `import type { ActionInput, LogFilter, LogTypeSummary, PropertyPredicate } from './gql/graphql.js';`;

/** What a reader may write, and the compiler's errors for it. `Entry` is an entry as the example reads it. */
export const lines: Readonly<Record<string, readonly string[]>> = {
  [`export const action: ActionInput = { time: '2018-10-19T03:37:28Z', type: 'T', properties: { a: [1] } };`]:
    [],
  [`export const numberForTime: ActionInput = { time: 1539920248000, type: 'T' };`]: ['TS2322'],
  [`export const dateForTime: ActionInput = { time: new Date(), type: 'T' };`]: ['TS2322'],
  [`export const withoutTime: ActionInput = { type: 'T' };`]: ['TS2741'],
  [`export const misspeltField: ActionInput = { time: '', type: 'T', propertes: {} };`]: ['TS2561'],
  [`export const propertiesAsText: ActionInput = { time: '', type: 'T', properties: '{}' };`]: ['TS2322'],

  [`export const filter: LogFilter = { types: ['T'], properties: [{ path: ['a'], is: { gt: 1 } }] };`]: [],
  [`export const misspeltFilter: LogFilter = { usrIds: ['U'] };`]: ['TS2561'],
  [`export const numberForStart: LogFilter = { startTime: 0 };`]: ['TS2322'],

  [`export const equalsText: PropertyPredicate = { equals: 'a' };`]: [],
  [`export const oneOfSeveral: PropertyPredicate = { in: [1, 'a', true] };`]: [],
  [`export const twoConditions: PropertyPredicate = { gt: 1, lt: 2 };`]: ['TS2322'],
  [`export const noCondition: PropertyPredicate = {};`]: ['TS2322'],
  [`export const textForNumber: PropertyPredicate = { gt: '1' };`]: ['TS2322'],
  [`export const equalsObject: PropertyPredicate = { equals: { a: 1 } };`]: ['TS2322'],

  [`export const timeOf = (entry: Entry): string => entry.time;`]: [],
  [`export const propertyOf = (entry: Entry): unknown => entry.properties['locationX'];`]: [],
  [`export const timeAsNumber = (entry: Entry): number => entry.time;`]: ['TS2322'],
  [`export const propertyAsNumber = (entry: Entry): number => entry.properties['locationX'];`]: ['TS2322'],
  [`export const misspeltResult = (entry: Entry) => entry.propertis;`]: ['TS2551'],
  [`export const notAskedFor = (entry: Entry) => entry.receivedAt;`]: ['TS2339'],

  [`export const countOf = (summary: LogTypeSummary): number => summary.count;`]: [],
  [`export const countAsText = (summary: LogTypeSummary): string => summary.count;`]: ['TS2322'],
};

/**
 * The errors of each of these lines, in the example.
 * @param entry the type `Entry`, such as `ReadLogsQuery['logs'][number]`
 */
export async function findErrors(
  example: Example,
  entry: string,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const [query] = entry.split('[');
  const before = [imports, `import type { ${query} } from './gql/graphql.js';`, `type Entry = ${entry};`];
  const texts = Object.keys(lines);
  const errors = await compileLines(example, before, texts);
  return Object.fromEntries(texts.map((line, at) => [line, errors[at]!]));
}
