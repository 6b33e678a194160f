import { createSameFieldsTally } from './same-fields';
import { createTokenReader, token } from './token-reader';

/** How large a GraphQL document is, in what makes it expensive to parse, to validate or to execute. */
export interface DocumentSize {
  /** Tokens, and what else the lexer works for: comments, escapes in strings, lines of block strings. */
  tokens: number;
  /** Those of them that are in no list of actions. */
  otherTokens: number;
  /** UTF-16 units that are in no list of actions. */
  otherLength: number;
  /** Items of a list of actions. */
  actions: number;
  /** Names outside of round brackets: fields, aliases, types, fragments, directives. */
  names: number;
  directives: number;
  fragments: number;
  /** Places where a fragment is spread, an inline one too. */
  spreads: number;
  /** Definitions and uses of variables that are in no list of actions. */
  variables: number;
  /** Selection sets within each other. */
  selectionDepth: number;
  /** Lists and objects within each other, in an argument. */
  valueDepth: number;
  /** What comparing fields with one response name costs. */
  comparisons: number;
}

const [dollar, openRound, closeRound, colon, at] = [36, 40, 41, 58, 64];
const [openSquare, closeSquare, openCurly, closeCurly] = [91, 93, 123, 125];
const openers: Readonly<Record<number, number>> = {
  [closeRound]: openRound,
  [closeSquare]: openSquare,
  [closeCurly]: openCurly,
};

/** What was read last, as far as it decides what a name is. */
type After = 'definition' | 'spread' | 'at' | 'colon' | 'actions' | 'actions:' | 'other';

/**
 * Measures a document in one pass over its text, without parsing it. It ends where it finds what no document may hold:
 * graphql-js's parser does so there too.
 * @param limits where it ends as well; what is beyond its limit is then `exceeded`
 */
export function measureDocument(
  text: string,
  limits: Partial<Readonly<DocumentSize>> = {},
): { size: Readonly<DocumentSize>; exceeded: keyof DocumentSize | undefined } {
  const size = emptySize();
  const reader = createTokenReader(text, limits.tokens);
  let exceeded: keyof DocumentSize | undefined;
  /** The brackets that are open. Square ones, and curly ones within round ones, are those of values. */
  const open: number[] = [];
  let rounds = 0;
  /** Where in `open` the arguments begin. */
  let firstRound = 0;
  /** Where in `open` the list of actions begins, -1 outside of it. */
  let actionsAt = -1;
  let actionCount = 0;
  let after: After = 'definition';
  const fields = createSameFieldsTally();
  let tokensBeforeArguments = 0;

  function set(what: keyof DocumentSize, to: number): void {
    size[what] = to;
    if (to > (limits[what] ?? Infinity)) exceeded ??= what;
  }

  function reach(what: keyof DocumentSize, at: number): void {
    if (at > size[what]) set(what, at);
  }

  function isName(name: string): boolean {
    return reader.end - reader.start === name.length && text.startsWith(name, reader.start);
  }

  function readName(): After {
    if (rounds > 0) return isName('actions') ? 'actions' : 'other';
    set('names', size.names + 1);
    if (after === 'spread') return isName('on') ? 'spread' : 'other';
    if (open.length === 0) {
      if (after === 'definition' && isName('fragment')) set('fragments', size.fragments + 1);
      return 'other';
    }
    // A colon stands between an alias and the name of the field.
    if (after === 'at' || after === 'colon') return 'other';
    fields.begin(text.slice(reader.start, reader.end));
    set('comparisons', fields.total);
    return 'other';
  }

  function openBracket(bracket: number): boolean {
    const around = open.at(-1);
    if (bracket === openRound) {
      if (around === openSquare || (around === openCurly && rounds > 0)) return false;
      if (rounds++ === 0) {
        firstRound = open.length;
        tokensBeforeArguments = size.tokens;
      }
    } else if (bracket === openSquare) {
      if (around === undefined) return false;
      if (after === 'actions:' && actionsAt < 0) {
        actionsAt = open.length;
        actionCount = 0;
      }
    } else if (rounds === 0) {
      fields.addSelections();
      fields.end();
    }
    open.push(bracket);
    set('comparisons', fields.total);
    if (rounds === 0) reach('selectionDepth', open.length);
    else reach('valueDepth', open.length - firstRound - rounds);
    after = 'other';
    return true;
  }

  function closeBracket(bracket: number): boolean {
    if (open.pop() !== openers[bracket]) return false;
    after = open.length === 0 && bracket === closeCurly ? 'definition' : 'other';
    if (bracket === closeRound) {
      if (--rounds === 0) fields.addArguments(size.tokens - tokensBeforeArguments);
    } else if (rounds === 0) {
      fields.end();
    }
    set('comparisons', fields.total);
    if (open.length === actionsAt) actionsAt = -1;
    return true;
  }

  /** False where the parser gives up. */
  function readToken(kind: number): boolean {
    const isInList = actionsAt >= 0 && actionsAt === open.length - 1;
    if (isInList && startsValue(kind)) reach('actions', ++actionCount);
    switch (kind) {
      case token.name:
        after = readName();
        return true;
      case token.spread:
        set('spreads', size.spreads + 1);
        fields.end();
        after = 'spread';
        return true;
      case at:
        set('directives', size.directives + 1);
        after = 'at';
        return true;
      case colon:
        after = after === 'actions' ? 'actions:' : 'colon';
        return true;
      case openRound:
      case openSquare:
      case openCurly:
        return openBracket(kind);
      case closeRound:
      case closeSquare:
      case closeCurly:
        return closeBracket(kind);
      case dollar:
        if (actionsAt < 0) set('variables', size.variables + 1);
    }
    after = 'other';
    return true;
  }

  let [end, extras] = [0, 0];
  function count(tokens: number): void {
    const work = tokens + reader.extras - extras;
    set('tokens', size.tokens + work);
    if (actionsAt < 0) {
      set('otherTokens', size.otherTokens + work);
      set('otherLength', size.otherLength + reader.end - end);
    }
    [end, extras] = [reader.end, reader.extras];
  }

  while (reader.next()) {
    count(1);
    if (!readToken(reader.kind) || exceeded) return { size, exceeded };
  }
  count(0);
  return { size, exceeded };
}

function emptySize(): DocumentSize {
  return {
    tokens: 0,
    otherTokens: 0,
    otherLength: 0,
    actions: 0,
    names: 0,
    directives: 0,
    fragments: 0,
    spreads: 0,
    variables: 0,
    selectionDepth: 0,
    valueDepth: 0,
    comparisons: 0,
  };
}

function startsValue(kind: number): boolean {
  return kind === token.name || kind === token.value || kind === openSquare || kind === openCurly;
}
