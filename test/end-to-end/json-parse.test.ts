import { runInThisContext } from 'node:vm';
import { expect, it } from '@jest/globals';
import '../../src/json-parse';
import { caseCount } from '../support/scale';
import { startServer } from '../support/server/server';

const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(Math.random() * items.length)]!;
const space = (): string => pick(['', '', '', ' ', '\n\t']);
// prettier-ignore
const texts = [
  'a', 'b', '', '0', '__proto__', 'constructor', 'x,y:', '[{', 'ü', '\\u00e9', '\\\\', '\\"', '\\n', '\\\\\\"', 'a\\\\', 'a\\"',
  'a\\n', '\\/', '\\ud83d\\ude00', '\\u005c', '\\u2028', '}]',
];

function write(depth: number): string {
  const kind = Math.random() * (depth > 0 ? 3 : 1);
  if (kind < 1) return pick([`"${pick(texts)}"`, '0', '-1.5e3', 'true', 'false', 'null', '[]', '{}']);
  const items = Array.from({ length: Math.floor(Math.random() * 5) }, () => {
    const item = space() + write(depth - 1) + space();
    return kind < 2 ? item : `${space()}"${pick(texts)}"${space()}:${item}`;
  });
  return kind < 2 ? `[${items.join()}]` : `{${items.join()}}`;
}

/** Evaluates JSON as a literal of JavaScript, in which a key `__proto__` needs brackets. */
const evaluate = (text: string): unknown =>
  runInThisContext(`(${text.replace(/"__proto__"(?=\s*:)/g, '["__proto__"]')})`) as unknown;

it('gives the keys that a text has, whatever was parsed before', () => {
  for (let round = 0; round < caseCount(1_000, 40_000); round++) {
    const text = space() + write(5) + space();
    expect([text, JSON.stringify(JSON.parse(text))]).toEqual([text, JSON.stringify(evaluate(text))]);
  }
});

it('parses and refuses what JSON.parse does, and calls revivers', () => {
  expect(JSON.parse('"\\""')).toBe('"');
  expect(JSON.parse('{"a":1,"\\"":{"b":2}}', (_key, value: unknown) => value)).toHaveProperty('a', 1);
  const levels = 100_000;
  expect(JSON.parse(`{"\\"":${'['.repeat(levels)}${']'.repeat(levels)}}`)).toHaveProperty('"');
  expect(JSON.parse(`{"\\"":"${'\\n'.repeat(1_000_000)}"}`)).toEqual({ '"': '\n'.repeat(1_000_000) });
  for (const text of ['{"\\":0}', '{"\\"":0', '"\\', '{"\\"" 0}'])
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
});

it('stores and reads keys with escapes', async () => {
  const server = await startServer();
  const properties = ['{"a":[],"\\\\":0}', '{"a":1,"\\"":2}', '{"a":1,"\\n":2}', '{"a":1,"\\\\\\"":2}'];
  const time = '2026-11-27T12:00:00Z';
  const actions = properties.map((text) => `{"time":"${time}","type":"T","properties":${text}}`);
  const answer = await fetch(`${server.url}/logs/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"userId":"u","sessionId":"s","actions":[${actions.join()}]}`,
  });
  const recorded = await answer.text();
  const query = '{ logs(user: "u") { properties } two: logs(user: "u") { p: properties, q: properties } }';
  const read = await fetch(`${server.url}/graphql?query=${encodeURIComponent(query)}`).then((found) =>
    found.text(),
  );
  for (const text of properties) {
    expect(recorded).toContain(`"properties":${text}`);
    expect(read).toContain(`"properties":${text}`);
    expect(read).toContain(`"p":${text},"q":${text}`);
  }
  await server.stop();
});
