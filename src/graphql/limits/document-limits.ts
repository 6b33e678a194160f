import {
  BREAK,
  Kind,
  OperationTypeNode,
  visit,
  type ASTNode,
  type DocumentNode,
  type SelectionSetNode,
} from 'graphql';
import { Parser } from 'graphql/language/parser';
import { limits } from '../../logs/model/limits';

/** Maximum number of tokens of a document: a session of 500 actions as a literal has about 13,500. */
export const maxTokens = 20_000;

interface Limit {
  readonly max: number;
  readonly what: string;
  /** Whether literals with data can exceed the limit: variables do not count. */
  readonly isData?: true;
  /** Whether only nodes inside each other count. */
  readonly isNested?: true;
}

/** Fields with one response name: graphql-js compares each two of them. */
const sameFields: Limit = { max: 100, what: 'fields with the same response name' };
/** Fields with one response name, times nodes in their arguments: graphql-js prints these for each two. */
const sameArguments: Limit = {
  max: 100_000,
  what: 'comparisons of arguments between fields with the same response name',
};
const spreads: Limit = { max: 200, what: 'spreads of fragments' };
const selections: Limit = { max: 30, what: 'nested selection sets', isNested: true };
/** The properties of an action may have 32 levels. */
const values: Limit = { max: 40, what: 'nested lists and objects in an argument', isNested: true };

/** Maximum number of nodes of a kind in a document. 1,000 fields take graphql-js up to 50 ms to validate. */
const limitOf: { readonly [kind in ASTNode['kind']]?: Limit } = {
  [Kind.FIELD]: { max: 1_000, what: 'fields' },
  [Kind.FRAGMENT_DEFINITION]: { max: 50, what: 'fragments' },
  [Kind.FRAGMENT_SPREAD]: spreads,
  [Kind.INLINE_FRAGMENT]: spreads,
  [Kind.ARGUMENT]: { max: 1_000, what: 'arguments' },
  // The fields of 500 actions as literals are about 3,000.
  [Kind.OBJECT_FIELD]: { max: 5_000, what: 'fields of objects in arguments', isData: true },
  [Kind.DIRECTIVE]: { max: 200, what: 'directives' },
  [Kind.VARIABLE]: { max: 1_000, what: 'definitions and uses of variables' },
  [Kind.SELECTION_SET]: selections,
  [Kind.LIST]: values,
  [Kind.OBJECT]: values,
};

/**
 * Explains which limit a document exceeds, or that it skips a subscription, before it is validated: graphql-js
 * bounds neither its length nor the fields that are compared pair by pair.
 * @returns undefined for a document within the limits, and for one that is not valid GraphQL
 */
export function findExcess(text: string): string | undefined {
  const { maxDocumentLength: max } = limits;
  if (text.length > max) return describe({ max, what: 'characters', isData: true });
  const parser = new Parser(text, { noLocation: true, maxLexicalTokens: maxTokens });
  try {
    const document = parser.parseDocument();
    return findExcessiveNode(document) ?? findSkippedSubscription(document);
  } catch (error) {
    // The parser recurses.
    if (error instanceof RangeError) return describe(selections);
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
      const limit = limitOf[node.kind];
      if (limit && add(limit, 1) > limit.max) excess = describe(limit);
      if (node.kind === Kind.FIELD) {
        name = (node.alias ?? node.name).value;
        if (add(name, 1) > sameFields.max) excess = describe(sameFields);
      } else if (add(`${name}(…)`, 1) * add(name, 0) > sameArguments.max) {
        excess = describe(sameArguments);
      }
      return excess === undefined ? undefined : BREAK;
    },
    leave({ kind }) {
      const limit = limitOf[kind];
      if (limit?.isNested) add(limit, -1);
    },
  });
  return excess;
}

/**
 * Refuses what GraphQL forbids (https://spec.graphql.org/draft/#sec-Single-root-field), and graphql-js 16 fails to
 * validate.
 */
function findSkippedSubscription({ definitions }: DocumentNode): string | undefined {
  const visited = new Set<string>();
  const isSkipped = ({ selections }: SelectionSetNode): boolean =>
    selections.some((node) => {
      if (node.directives?.some(({ name: { value } }) => value === 'skip' || value === 'include'))
        return true;
      if (node.kind === Kind.INLINE_FRAGMENT) return isSkipped(node.selectionSet);
      if (node.kind !== Kind.FRAGMENT_SPREAD || visited.has(node.name.value)) return false;
      visited.add(node.name.value);
      return definitions.some(
        (each) =>
          each.kind === Kind.FRAGMENT_DEFINITION &&
          each.name.value === node.name.value &&
          isSkipped(each.selectionSet),
      );
    });
  const isRefused = definitions.some(
    (node) =>
      node.kind === Kind.OPERATION_DEFINITION &&
      node.operation === OperationTypeNode.SUBSCRIPTION &&
      isSkipped(node.selectionSet),
  );
  return isRefused ? 'The field of a subscription must not have @skip or @include.' : undefined;
}

function describe({ max, what, isData }: Limit): string {
  const advice = isData ? 'Send data as variables.' : 'Send several requests.';
  return `A document may have at most ${max.toLocaleString('en')} ${what}. ${advice}`;
}
