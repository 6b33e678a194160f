import { BREAK, Kind, visit, type ASTNode, type DocumentNode } from 'graphql';
import { Parser } from 'graphql/language/parser';

/** Most UTF-16 units of a document. */
const maxLength = 100_000;
/** Most tokens of a document: a session of 500 actions as a literal has about 13,500. */
export const maxTokens = 20_000;
/** Most fields with one response name: graphql-js compares each two of them. */
const maxSameFields = 100;
/**
 * Most fields with one response name, times the nodes in their arguments: graphql-js prints these for each
 * two fields.
 */
const maxSameArguments = 100_000;

interface Limit {
  readonly max: number;
  readonly what: string;
  /** Whether data in literals exceeds it, which variables hold as well. */
  readonly isData?: true;
}

const spreads: Limit = { max: 200, what: 'spreads of fragments' };
const values: Limit = { max: 40, what: 'lists and objects inside each other in an argument' };

/** Most nodes of a kind in a document. 1,000 fields take graphql-js up to 50 ms to validate. */
const counted: { readonly [kind in ASTNode['kind']]?: Limit } = {
  [Kind.FIELD]: { max: 1_000, what: 'fields' },
  [Kind.FRAGMENT_DEFINITION]: { max: 50, what: 'fragments' },
  [Kind.FRAGMENT_SPREAD]: spreads,
  [Kind.INLINE_FRAGMENT]: spreads,
  [Kind.ARGUMENT]: { max: 1_000, what: 'arguments' },
  // The fields of 500 actions as literals are about 3,000.
  [Kind.OBJECT_FIELD]: { max: 5_000, what: 'fields of objects in arguments', isData: true },
  [Kind.DIRECTIVE]: { max: 200, what: 'directives' },
  [Kind.VARIABLE]: { max: 1_000, what: 'definitions and uses of variables' },
};

/** Most nodes of a kind inside each other. The properties of an action may have 32 levels. */
const nested: { readonly [kind in ASTNode['kind']]?: Limit } = {
  [Kind.SELECTION_SET]: { max: 30, what: 'selection sets inside each other' },
  [Kind.LIST]: values,
  [Kind.OBJECT]: values,
};

/**
 * Finds what makes a document too expensive to validate, before it is validated: graphql-js bounds neither
 * the length of a document nor the fields that it compares pair by pair.
 * @returns the limit that the document exceeds, as a message; undefined for a document within the limits, and
 *   for one that is not valid GraphQL
 */
export function findExcess(text: string): string | undefined {
  if (text.length > maxLength) return describe({ max: maxLength, what: 'characters', isData: true });
  const parser = new Parser(text, { noLocation: true, maxLexicalTokens: maxTokens });
  try {
    return findExcessiveNode(parser.parseDocument());
  } catch (error) {
    // The parser recurses.
    if (error instanceof RangeError) return describe(nested.SelectionSet!);
    if (parser.tokenCount > maxTokens) return describe({ max: maxTokens, what: 'tokens', isData: true });
    return undefined;
  }
}

function findExcessiveNode(document: DocumentNode): string | undefined {
  let excess: string | undefined;
  const counts = new Map<Limit | string, number>();
  const add = (key: Limit | string, step: number): number => {
    const count = (counts.get(key) ?? 0) + step;
    counts.set(key, count);
    return count;
  };
  let name = '';
  visit(document, {
    enter(node) {
      const limit = counted[node.kind] ?? nested[node.kind];
      if (limit && add(limit, 1) > limit.max) excess = describe(limit);
      if (node.kind === Kind.FIELD) {
        name = (node.alias ?? node.name).value;
        const same = { max: maxSameFields, what: 'fields of one name' };
        if (add(name, 1) > same.max) excess = describe(same);
      } else if (add(`${name}(…)`, 1) * add(name, 0) > maxSameArguments) {
        excess = describe({
          max: maxSameArguments,
          what: 'comparisons of arguments of fields of one name',
        });
      }
      return excess === undefined ? undefined : BREAK;
    },
    leave({ kind }) {
      if (nested[kind]) add(nested[kind], -1);
    },
  });
  return excess;
}

function describe({ max, what, isData }: Limit): string {
  const advice = isData ? 'Send data as variables.' : 'Ask in several requests.';
  return `A document may have at most ${max.toLocaleString('en')} ${what}. ${advice}`;
}
