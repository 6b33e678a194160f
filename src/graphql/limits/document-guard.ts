import { measureDocument, type DocumentSize } from './document-size';

/**
 * The largest document, and what to do about a larger one. Introspection has 100 names, 11 selection sets within each
 * other and 8 spreads; an operation of an application has less. What is just below a limit is answered after 32 ms of work
 * at most: 5,000 tokens take 10 ms, 50 fragments that spread each other 12 ms, 300,000 comparisons 32 ms.
 *
 * A session may be written down as a literal. One of 5,000 actions has 100,000 tokens or more, which take 250 ms and
 * cannot be told from others that are as long; whoever sends it as a variable spares the server that.
 */
const rules: { readonly [what in keyof DocumentSize]: readonly [max: number, message: string] } = {
  tokens: [250_000, 'hold # tokens at most, comments and escapes included; send data in variables'],
  otherTokens: [
    5_000,
    'hold # tokens at most beside the actions of a session; send data in variables',
  ],
  otherLength: [
    100_000,
    'have # characters at most beside the actions of a session; send data in variables',
  ],
  actions: [10_000, 'hold # items at most in a list of actions; send the session in parts'],
  names: [1_000, 'hold # fields and other names at most; ask in several requests'],
  directives: [200, 'hold # directives at most; ask in several requests'],
  fragments: [50, 'define # fragments at most; write their fields where they are spread'],
  spreads: [200, 'spread # fragments at most; ask in several requests'],
  variables: [1_000, 'define and use # variables at most; put data into one variable'],
  selectionDepth: [30, 'nest # selection sets at most'],
  valueDepth: [40, 'nest # lists and objects at most in an argument'],
  comparisons: [
    300_000,
    'repeat the same fields only so often; ask for them under other aliases or in several requests',
  ],
};

const limits = Object.fromEntries(
  Object.entries(rules).map(([what, [max]]) => [what, max]),
) as unknown as Readonly<DocumentSize>;

/**
 * Why a document is not even parsed: graphql-js's parser takes 0.3 s for 100,000 tokens or 2 s for 4 MB of comments, and
 * some of its rules square what they get. Undefined for one that it may have, or that it will find broken.
 */
export function explainExcess(text: string): string | undefined {
  const { exceeded } = measureDocument(text, limits);
  if (!exceeded) return undefined;
  const [max, message] = rules[exceeded];
  return `A document may ${message.replace('#', max.toLocaleString('en'))}.`;
}
