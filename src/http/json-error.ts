/** A value that is no string, array or object. */
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[Ee][+-]?\d+)?|true|false|null/y;
const blank = /[\t\n\r ]*/y;
/** Characters of a string that stand for themselves, and an escape. */
// eslint-disable-next-line no-control-regex -- JSON excludes control characters
const plain = /[^"\\\u0000-\u001f]*/y;
const escape = /\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/y;

/** What may follow. `first…`: the array or the object may also end. */
type Next = 'value' | 'firstValue' | 'key' | 'firstKey' | 'colon' | 'comma';

/**
 * Finds where a text stops being JSON (RFC 8259). V8 names the place in few of its messages, and in other ones in
 * each version.
 * @param text refused by `JSON.parse`
 * @returns an index; the length of the text if it ends too early
 */
export function findJsonError(text: string): number {
  /** The end of each array and object that is open. */
  const ends: string[] = [];
  let at = 0;
  let next: Next = 'value';

  function skip(pattern: RegExp): boolean {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  }

  function skipString(): boolean {
    at++;
    do skip(plain);
    while (skip(escape));
    return text[at++] === '"';
  }

  for (;;) {
    skip(blank);
    const character = text[at];
    if (character === undefined) return text.length;
    const isEnd = character === ends.at(-1);
    const isKey: boolean = next === 'key' || next === 'firstKey';
    if (next === 'colon') {
      if (character !== ':') return at;
      at++;
      next = 'value';
    } else if (isEnd && (next === 'comma' || next.startsWith('first'))) {
      at++;
      ends.pop();
      next = 'comma';
    } else if (next === 'comma') {
      if (character !== ',' || ends.length === 0) return at;
      at++;
      next = ends.at(-1) === '}' ? 'key' : 'value';
    } else if (character === '"') {
      if (!skipString()) return at - 1;
      next = isKey ? 'colon' : 'comma';
    } else if (isKey) {
      return at;
    } else if (character === '{' || character === '[') {
      at++;
      ends.push(character === '{' ? '}' : ']');
      next = character === '{' ? 'firstKey' : 'firstValue';
    } else {
      if (!skip(scalar)) return at;
      next = 'comma';
    }
  }
}
