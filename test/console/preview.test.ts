import { expect, it } from '@jest/globals';

// Its types are generated with the console, which this suite does not build.
const file: string = '../../console/src/table/preview';

it.each([
  [{ page: 'home', position: { x: 1, y: 2 } }, 'page: home, position: {x: 1, y: 2}'],
  [{ list: [1, 'a', null, [true]] }, 'list: [1, a, null, [true]]'],
  [{ name: 'a\u202egpj.exe', next: 1 }, 'name: a\\u202egpj.exe, next: 1'],
  [{ '\u2067key': '\u200f' }, '\\u2067key: \\u200f'],
])('shows properties on one line, in one direction: %j', async (properties, text) => {
  const { previewOf } = (await import(file)) as { previewOf: (properties: object) => string };
  expect(previewOf(properties)).toBe(text);
});
