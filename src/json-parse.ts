/**
 * Replaces `JSON.parse` in the versions of Node whose V8 reads wrong keys: 23, 24, 25, and 26 before 26.12. After a key
 * with a backslash, such as `{"a":[],"\\":0}`, they read `{"a":0,"\"":1}` as `{"a":0,"\\":1}`, in another text too: V8
 * compares the first characters of the text of a key with a key that it expects, and not what the escapes stand for
 * (https://github.com/nodejs/node/issues/63785). Libraries capture `JSON.parse`, so they are imported after this module.
 */
const { parse } = JSON;
const [quote, backslash, colon] = Buffer.from('"\\:');

/** One token of valid JSON that is neither a comma nor a colon. */
const tokenPattern = /[[\]{}]|"[^"\\]*(?:\\.[^"\\]*)*"|[^\s,:"[\]{}]+/g;

function isFaulty(): boolean {
  const expected: unknown = parse('{"a":[],"\\\\":0}');
  return !Object.hasOwn(parse('{"a":0,"\\"":0}') as object, '"') && expected !== undefined;
}

/** Whether a text of valid JSON has a key that is written with a backslash. */
function hasEscapedKey(text: string): boolean {
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', at)) {
    for (let code; (code = text.charCodeAt(at)) !== quote; at++) if (code === backslash) at++;
    do at++;
    while (text.charCodeAt(at) <= 0x20);
    if (text.charCodeAt(at) === colon) return true;
  }
  return false;
}

/** Parses a string, a number, true, false or null. Most strings have no escapes. */
function parseScalar(token: string): unknown {
  return token.charCodeAt(0) === quote && !token.includes('\\') ? token.slice(1, -1) : parse(token);
}

/** Parses valid JSON token by token, so that V8 never gets a key with its object. Takes 5 times as long as V8. */
function parseTokens(text: string): unknown {
  const root: unknown[] = [];
  const open: (unknown[] | Record<string, unknown>)[] = [];
  let parent: unknown[] | Record<string, unknown> = root;
  let key: string | undefined;
  for (const [token] of text.matchAll(tokenPattern)) {
    if (token === ']' || token === '}') {
      parent = open.pop()!;
      continue;
    }
    if (key === undefined && !Array.isArray(parent)) {
      key = parseScalar(token) as string;
      continue;
    }
    const value: unknown = token === '[' ? [] : token === '{' ? {} : parseScalar(token);
    if (Array.isArray(parent)) parent.push(value);
    else if (key !== '__proto__') parent[key!] = value;
    // `parent['__proto__'] = …` would set the prototype.
    else Object.defineProperty(parent, key, { value, writable: true, enumerable: true, configurable: true });
    key = undefined;
    if (token === '[' || token === '{') {
      open.push(parent);
      parent = value as typeof parent;
    }
  }
  return root[0];
}

if (isFaulty()) {
  // Nothing here passes a reviver.
  JSON.parse = (text, reviver) => {
    const value: unknown = parse(text, reviver);
    return typeof text === 'string' && reviver === undefined && hasEscapedKey(text)
      ? parseTokens(text)
      : value;
  };
}
