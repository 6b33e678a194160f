/** What kind a token is: one of these, or the character of a punctuator. */
export const token = { name: 1, value: 2, spread: 3 } as const;

/** Reads the tokens of a GraphQL document where they stand, without making anything of them. */
export interface TokenReader {
  /** Of the token that was read last. */
  readonly kind: number;
  readonly start: number;
  readonly end: number;
  /**
   * What graphql-js's lexer works for beside tokens, up to here: comments, lines of block strings, escapes in strings.
   * 4 MB of any of them take it one to two seconds.
   */
  readonly extras: number;
  /** False at the end, and where the text is no token: graphql-js will not read on from there either. */
  next(): boolean;
}

const [quote, hash, minus, dot, byteOrderMark] = [34, 35, 45, 46, 0xfeff];
const blockQuote = '"""';

/** Classes of ASCII characters. */
const [ignored, letter, digit, punctuator] = [1, 2, 3, 4];
const classes = new Uint8Array(128);
function classify(characters: string, as: number): void {
  for (const character of characters) classes[character.charCodeAt(0)] = as;
}
classify('\t\n\r ,', ignored);
classify('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_', letter);
classify('0123456789', digit);
classify('!$&():=@[]{|}', punctuator);

/**
 * One pass over the text, whatever it holds.
 * @param maxExtras where it ends as well, however long the token is
 */
export function createTokenReader(text: string, maxExtras = Infinity): TokenReader {
  const { length } = text;
  // What looks for one character is several times as fast as what looks at each.
  const quotes = createFinder(text, '"');
  const blockQuotes = createFinder(text, blockQuote);
  const backslashes = createFinder(text, '\\');
  const lineFeeds = createFinder(text, '\n');
  const returns = createFinder(text, '\r');
  const reader = { kind: 0, start: 0, end: 0, extras: 0, next };
  return reader;

  function next(): boolean {
    const start = skipIgnored(reader.end);
    const code = text.charCodeAt(start);
    reader.start = start;
    switch (classes[code]) {
      case letter:
        return take(token.name, endOfName(start));
      case digit:
        return take(token.value, endOfNumber(start));
      case punctuator:
        return take(code, start + 1);
    }
    if (code === quote) return take(token.value, endOfString(start));
    if (code === minus) return take(token.value, endOfNumber(start + 1));
    if (code === dot) return text.startsWith('...', start) && take(token.spread, start + 3);
    reader.end = start;
    return false;
  }

  function take(kind: number, end: number): boolean {
    reader.kind = kind;
    reader.end = Math.min(end, length);
    return end <= length && reader.extras <= maxExtras;
  }

  function skipIgnored(from: number): number {
    let at = from;
    for (; at < length && reader.extras <= maxExtras; at++) {
      const code = text.charCodeAt(at);
      if (code === hash) {
        reader.extras++;
        at = nextLineEnd(at);
      } else if (classes[code] !== ignored && code !== byteOrderMark) {
        break;
      }
    }
    return Math.min(at, length);
  }

  function nextLineEnd(from: number): number {
    return Math.min(lineFeeds.find(from), returns.find(from), length);
  }

  function endOfName(from: number): number {
    let at = from + 1;
    while (classes[text.charCodeAt(at)] === letter || isDigit(at)) at++;
    return at;
  }

  /** `1-1` is two numbers: a sign follows an exponent only. */
  function endOfNumber(from: number): number {
    let at = endOfDigits(from);
    if (text.charCodeAt(at) === dot && isDigit(at + 1)) at = endOfDigits(at + 1);
    if (text[at] !== 'e' && text[at] !== 'E') return at;
    const hasSign = text[at + 1] === '+' || text[at + 1] === '-';
    return endOfDigits(at + (hasSign ? 2 : 1));
  }

  function endOfDigits(from: number): number {
    let at = from;
    while (isDigit(at)) at++;
    return at;
  }

  function isDigit(at: number): boolean {
    return classes[text.charCodeAt(at)] === digit;
  }

  /** Beyond the text when the string has no end. One that holds a line end has none for graphql-js. */
  function endOfString(from: number): number {
    if (text.startsWith(blockQuote, from)) return endOfBlockString(from + blockQuote.length);
    let at = from + 1;
    while (reader.extras <= maxExtras) {
      const end = quotes.find(at);
      const escape = backslashes.find(at);
      if (end < escape) return end + 1;
      if (escape >= length) break;
      reader.extras++;
      at = escape + 2;
    }
    return length + 1;
  }

  function endOfBlockString(from: number): number {
    let end = blockQuotes.find(from);
    while (end < length && text[end - 1] === '\\' && end > from && reader.extras <= maxExtras) {
      reader.extras++;
      end = blockQuotes.find(end + blockQuote.length);
    }
    for (let at = nextLineEnd(from); at < end && at < length; at = nextLineEnd(at + 1)) {
      if (++reader.extras > maxExtras) break;
    }
    return end + blockQuote.length;
  }
}

/** Finds the next place of something, again and again and further on, in one pass. Beyond the text when there is none. */
function createFinder(text: string, what: string): { find(from: number): number } {
  let next = -1;
  return {
    find(from) {
      if (next < from) {
        const found = text.indexOf(what, from);
        next = found < 0 ? text.length + 1 : found;
      }
      return next;
    },
  };
}
