import { describe, expect, it } from '@jest/globals';

interface Conditions {
  parsePath(text: string): string[] | string;
  pathText(path: readonly string[]): string;
  parseValue(text: string): string | number | boolean;
  valueText(value: unknown): string;
  toPredicate(operator: string, text: string): object | string;
  conditionText(property: { path: string[]; is: object }): string;
  suggestionsOf(rows: readonly { properties: object }[]): Map<string, string[]>;
}

// Its types are generated with the console, which this suite does not build.
const file: string = '../../console/src/explore/conditions';
const load = async (): Promise<Conditions> => (await import(file)) as Conditions;

describe('conditions on properties in the console', () => {
  it.each([[['status']], [['cart', 'total']], [['a.b', 'c']], [['']], [['[x']], [[' a']], [['a', '']]])(
    'write the path %j so that it reads the same',
    async (path) => {
      const { parsePath, pathText } = await load();
      expect(parsePath(pathText(path))).toEqual(path);
    },
  );

  it.each([
    'text',
    '200',
    '"200"',
    'true',
    '',
    ' a ',
    'a,b',
    '"',
    '\\',
    'null',
    200,
    -0.5,
    1e21,
    true,
    false,
  ])('write the value %p so that it reads the same', async (value) => {
    const { parseValue, valueText } = await load();
    expect(parseValue(valueText(value))).toBe(value);
  });

  it.each(['', '  ', 'a..b', '.a', '[1]', '["a"', '[]'])(
    'say what is wrong with the path %p',
    async (path) => {
      const { parsePath } = await load();
      expect(typeof parsePath(path)).toBe('string');
    },
  );

  it('become predicates of the API', async () => {
    const { toPredicate } = await load();
    expect(toPredicate('equals', '404')).toEqual({ equals: 404 });
    expect(toPredicate('equals', '"404"')).toEqual({ equals: '404' });
    expect(toPredicate('in', 'a, "b,c", 3')).toEqual({ in: ['a', 'b,c', 3] });
    expect(toPredicate('equals', '12345678901234567890')).toEqual({ equals: '12345678901234567890' });
    expect(toPredicate('equals', '1e999')).toEqual({ equals: '1e999' });
    expect(toPredicate('missing', '')).toEqual({ exists: false });
    expect(toPredicate('notNull', '')).toEqual({ isNull: false });
    expect(toPredicate('gte', '0.5')).toEqual({ gte: 0.5 });
    for (const [operator, text] of [
      ['equals', ''],
      ['in', ' , '],
      ['gt', 'x'],
      ['gt', ''],
      ['lt', '1e999'],
    ]) {
      expect(typeof toPredicate(operator!, text!)).toBe('string');
    }
  });

  it('are read as words', async () => {
    const { conditionText } = await load();
    expect(conditionText({ path: ['status'], is: { gte: 400 } })).toBe('status ≥ 400');
    expect(conditionText({ path: ['a', 'b'], is: { equals: '1' } })).toBe('a.b is "1"');
    expect(conditionText({ path: ['a'], is: { in: [1, 'x'] } })).toBe('a is one of 1, x');
    expect(conditionText({ path: ['a'], is: { exists: false } })).toBe('a is missing');
  });

  it('are suggested from the rows in view, the most frequent first', async () => {
    const { suggestionsOf } = await load();
    const rows = [{ status: 404, cart: { total: 1 } }, { status: 200 }, { status: 200, list: [1] }];
    const suggestions = suggestionsOf(rows.map((properties) => ({ properties })));
    expect([...suggestions.keys()]).toEqual(['status', 'cart.total', 'list']);
    expect(suggestions.get('status')).toEqual(['200', '404']);
    expect(suggestions.get('list')).toEqual([]);
  });
});
