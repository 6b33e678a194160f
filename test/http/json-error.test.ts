import { describe, expect, it } from '@jest/globals';
import { findJsonError } from '../../src/http/json-error';

describe('the place where a text stops being JSON', () => {
  it.each([
    ['', 0],
    ['  ', 2],
    ['{ logs { id } }', 2],
    ['{"a":1,}', 7],
    ['[1,]', 3],
    ['[1 2]', 3],
    ['{"a" 1}', 5],
    ["{'a':1}", 1],
    ['{a:1}', 1],
    ['{"a":NaN}', 5],
    ['{"a":tru}', 5],
    ['{"a":01}', 6],
    ['{"a":1', 6],
    ['{"a":"b', 7],
    ['{"a":"b\n"}', 7],
    ['{"a":"\\x"}', 6],
    ['{"a":"\\u00g0"}', 6],
    ['{} {}', 3],
    ['[}', 1],
    ['{]', 1],
    [']', 0],
    ['"a', 2],
    ['\ufeff{}', 0],
  ])('%j: %i', (text, at) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(findJsonError(text)).toBe(at);
  });

  it('has nothing wrong before it, after any change of one character', () => {
    const text = '{"a": [1, -2.5e3, true, null, "x\\n\\u00e9", {}], "b": {"c": []}, "d": 0.1}';
    let refused = 0;
    for (let at = 0; at <= text.length; at++) {
      for (const character of ['', '"', '{', '}', '[', ']', ',', ':', 'x', '1', '-', '.', '\\', '\n']) {
        const changed = text.slice(0, at) + character + text.slice(at + 1);
        try {
          JSON.parse(changed);
          continue;
        } catch {
          refused++;
        }
        const found = findJsonError(changed);
        expect([changed, found >= at - 7]).toEqual([changed, true]);
        expect([changed, findJsonError(changed.slice(0, found))]).toEqual([changed, found]);
      }
    }
    expect(refused).toBeGreaterThan(500);
  });
});
