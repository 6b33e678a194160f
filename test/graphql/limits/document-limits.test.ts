import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { getIntrospectionQuery } from 'graphql';
import { findExcess } from '../../../src/graphql/limits/document-limits';
import { queries } from '../support/documents';

const many = (count: number, make: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => make(at)).join(' ');
const nest = (depth: number, open: string, inner: string, close: string): string =>
  open.repeat(depth) + inner + close.repeat(depth);
const literal = (count: number): string =>
  `mutation { recordSession(input: { userId: "u", sessionId: "s", actions: [${many(
    count,
    () =>
      '{ time: "2018-10-18T21:37:28-06:00", type: "CLICK", properties: { locationX: 52, locationY: 11, a: [1] } }',
  )}] }) { recordedCount } }`;

describe('a document', () => {
  it.each([
    ['1,000 fields', (n: number) => `{ ${many(n, (at) => `a${at}`)} }`, 1_000],
    ['100 fields with the same response name', (n: number) => `{ ${many(n, (at) => `a: b${at}`)} }`, 100],
    [
      '100 fields with the same response name in fragments',
      (n: number) => `{ ...F } fragment F on Q { ${many(n, () => 'a')} }`,
      100,
    ],
    ['200 directives', (n: number) => `{ a ${many(n, () => '@b')} }`, 200],
    ['50 fragments', (n: number) => many(n, (at) => `fragment F${at} on B { c }`), 50],
    ['200 spreads of fragments', (n: number) => `{ ${many(n, () => '...F')} }`, 200],
    ['200 inline fragments', (n: number) => `{ ${many(n, (at) => `... { a${at} }`)} }`, 200],
    ['1,000 arguments', (n: number) => `{ a(${many(n, (at) => `b${at}: 1`)}) }`, 1_000],
    ['5,000 fields of objects', (n: number) => `{ a(b: { ${many(n, () => 'c: 1')} }) }`, 5_000],
    ['1,000 variables', (n: number) => `{ a(b: [${many(n, () => '$c')}]) }`, 1_000],
    ['30 nested selection sets', (n: number) => nest(n, '{ a ', '', '}'), 30],
    ['40 lists in an argument', (n: number) => `{ a(b: ${nest(n, '[', '1', ']')}) }`, 40],
    ['40 objects in an argument', (n: number) => `{ a(b: ${nest(n, '{ c: ', '1', '}')}) }`, 40],
    ['100,000 characters', (n: number) => `{a(b:"${'x'.repeat(n - 9)}")}`, 100_000],
    ['20,000 tokens', (n: number) => `{ a(b: [${many(n - 9, () => '1')}]) }`, 20_000],
  ] as const)('may have %s, and not one more', (_name, write, max) => {
    expect(findExcess(write(max))).toBeUndefined();
    const excess = findExcess(write(max + 1));
    expect(excess).toContain(`at most ${max.toLocaleString('en')} `);
  });

  it('may have lists that are deeper in sum than in any place', () => {
    expect(findExcess(`{ ${many(30, (at) => `a${at}(b: [[1]]) { c${at} }`)} }`)).toBeUndefined();
  });

  it('with a session of 500 actions is accepted, one with more is to be sent in variables', () => {
    expect(findExcess(literal(500))).toBeUndefined();
    expect(findExcess(literal(5_000))).toMatch(/ Send data as variables\.$/);
    expect(findExcess(literal(1_200))).toMatch(/ Send data as variables\.$/);
  });

  it('that is not valid GraphQL is left to the parser of Apollo Server', () => {
    const parts = fc.constantFrom(...'{}[]()":@.$#!a1-\\\n '.split(''), '"""', '...', 'é');
    const text = fc.array(parts, { maxLength: 60 }).map((list) => `{ ${list.join('')} )`);
    fc.assert(
      fc.property(text, (broken) => findExcess(broken) === undefined),
      { numRuns: 1_000 },
    );
  });

  it('that applications and tools send is within the limits', () => {
    expect(findExcess(getIntrospectionQuery({ oneOf: true }))).toBeUndefined();
    fc.assert(
      fc.property(queries, ({ query }) => findExcess(query) === undefined),
      { numRuns: 200 },
    );
  });
});
