import { expect, it } from '@jest/globals';
import '../../src/json-parse';
import { parseLargeJson } from '../../src/http/parse-json';
import { caseCount } from '../support/scale';

const parse = (text: string, chunk: number): Promise<unknown> =>
  parseLargeJson(Buffer.from(text), 'request body', chunk);

const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(Math.random() * items.length)]!;
const space = (): string => pick(['', '', '', ' ', '\n\t', '   ']);
const texts = [
  '"a"',
  '""',
  '"__proto__"',
  '"x,y"',
  '"[{"',
  '"\\"]"',
  '"\\\\"',
  '"ü"',
  '"\\u00e9"',
  '"constructor"',
  '"0"',
];
function write(depth: number): string {
  const kind = Math.random() * (depth > 0 ? 3 : 1);
  if (kind < 1) return pick([...texts, '0', '-1.5e3', 'true', 'null', '[]', '{}']);
  const items = Array.from({ length: Math.floor(Math.random() * 6) }, () =>
    kind < 2
      ? space() + write(depth - 1) + space()
      : `${space()}${pick(texts)}${space()}:${space()}${write(depth - 1)}`,
  );
  const [open, close] = kind < 2 ? '[]' : '{}';
  return open! + (items.length > 0 ? items.join(',') : space()) + close!;
}

/** What JSON.parse and the parser in slices give: a value as JSON, with its own keys, or that it is refused. */
async function outcomes(text: string, chunk: number) {
  const show = (value: unknown): string => JSON.stringify(value);
  let expected: string;
  try {
    expected = show(JSON.parse(text));
  } catch {
    expected = 'refused';
  }
  const actual = await parse(text, chunk).then(show, (error: unknown) =>
    error instanceof SyntaxError ? 'refused' : String(error),
  );
  return { expected, actual };
}

it('gives what JSON.parse gives, however small the parts are', async () => {
  for (let round = 0; round < caseCount(500, 20_000); round++) {
    const text = space() + write(5) + space();
    const chunk = pick([0, 1, 2, 5, 20, 100]);
    const whole = await outcomes(text, chunk);
    expect([text, whole.actual]).toEqual([text, whole.expected]);
    // One character less, more or different.
    const at = Math.floor(Math.random() * text.length);
    const broken =
      text.slice(0, at) + pick(['', ',', ']', '}', '[', '{', ':', '"', '1']) + text.slice(at + pick([0, 1]));
    const part = await outcomes(broken, chunk);
    expect([broken, part.actual]).toEqual([broken, part.expected]);
  }
});

it('keeps own keys, tells where the error is, and refuses objects with too many keys', async () => {
  const value = (await parse('{"__proto__":{"a":1},"b":[1,2,3]}', 1)) as object;
  expect([Object.keys(value), Object.getPrototypeOf(value)]).toEqual([['__proto__', 'b'], Object.prototype]);
  await expect(parse(`["ü", ${'1,'.repeat(50)} x]`, 10)).rejects.toThrow(/JSON at position 10[67]$/);
  const keys = Array.from({ length: 32_769 }, (_, at) => `"${at}":1`);
  await expect(parse(`{${keys.join()}}`, 1_000)).rejects.toThrow('must have at most 32768 keys');
  expect(await parse(`[${keys.map((key) => `{${key}}`).join()}]`, 1_000)).toHaveLength(32_769);
});

it('refuses a number before an object or an array', async () => {
  for (const text of ['{"a":1[2]}', '{"a":-{"b":2}}', '{"a":1.[2]}', '{"a":1e{"b":2}}']) {
    await expect(parse(text, 0)).rejects.toThrow(SyntaxError);
  }
});

it('refuses a text with too many levels before they take memory', async () => {
  const nest = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
  expect(await parse(nest(1_000), 100)).toHaveLength(1);
  await expect(parse(nest(1_001), 100)).rejects.toThrow('has more than 1000 nested levels');
  await expect(parse('{"a":'.repeat(800_000), 65_536)).rejects.toThrow('has more than 1000 nested levels');
});
