import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { getIntrospectionQuery, Lexer, parse, Source, TokenKind, visit } from 'graphql';
import { explainExcess } from '../../../src/graphql/limits/document-guard';
import { measureDocument, type DocumentSize } from '../../../src/graphql/limits/document-size';
import { queries } from '../support/documents';

const ignored = fc.constantFrom(
  ' ',
  ',',
  '\n',
  '\r\n',
  '\t',
  '\ufeff',
  '#{("\n',
  '# """\r',
  ' #\n',
);
const strings = fc.constantFrom(
  ...['""', '"a"', '"\\""', '"\\\\"', '"{[($a:...@b #"', '"\\u0041\\n"', '"\\u{1F600}é€"', '"\'"'],
  ...[
    '""""""',
    '"""a"""',
    '"""\\""""""',
    '"""\\"""\\""""""',
    '"""\n{\r\n[\r("""',
    '"""a"" \\""""""',
  ],
  ...['"""\\\\"""x\\\\ """', '"""# actions: [ \\u"""', '""" "" \\\\n"""'],
);
const scalars = fc.oneof(
  strings,
  fc.constantFrom(
    '0',
    '-1',
    '1.5',
    '-0.5e10',
    '1E+3',
    '1e-3',
    '12',
    'null',
    'true',
    'A',
    '$a',
    '$on',
  ),
);
const names = fc.constantFrom('a', 'b', 'on', 'fragment', 'query', 'actions', '_', 'A1', 'c', 'd');

/** Tokens of values, of arguments, of selections and of definitions. */
const grammar = fc.letrec<Record<'value' | 'arguments' | 'directives' | 'selections', string[]>>(
  (tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalars.map((text) => [text]),
      fc.array(tie('value'), { maxLength: 3 }).map((items) => ['[', ...items.flat(), ']']),
      fc
        .array(fc.tuple(names, tie('value')), { maxLength: 3 })
        .map((fields) => ['{', ...fields.flatMap(([name, value]) => [name, ':', ...value]), '}']),
    ),
    arguments: fc
      .array(fc.tuple(names, tie('value')), { maxLength: 3 })
      .map((list) =>
        list.length > 0
          ? ['(', ...list.flatMap(([name, value]) => [name, ':', ...value]), ')']
          : [],
      ),
    directives: fc
      .array(fc.tuple(names, tie('arguments')), { maxLength: 2 })
      .map((list) => list.flatMap(([name, args]) => ['@', name, ...args])),
    selections: fc
      .array(
        fc.oneof(
          { depthSize: 'small', withCrossShrink: true },
          fc
            .tuple(names, tie('arguments'), tie('directives'))
            .map(([name, args, directives]) => [name, ...args, ...directives]),
          fc
            .tuple(names, names, tie('arguments'), tie('directives'), tie('selections'))
            .map(([alias, name, ...rest]) => [alias, ':', name, ...rest.flat()]),
          fc
            .tuple(
              names.filter((name) => name !== 'on'),
              tie('directives'),
            )
            .map(([name, directives]) => ['...', name, ...directives]),
          fc
            .tuple(names, tie('directives'), tie('selections'))
            .map(([name, ...rest]) => ['...', 'on', name, ...rest.flat()]),
          fc.tuple(tie('directives'), tie('selections')).map((rest) => ['...', ...rest.flat()]),
        ),
        { minLength: 1, maxLength: 3 },
      )
      .map((list) => ['{', ...list.flat(), '}']),
  }),
);
const definitions = fc.oneof(
  grammar.selections,
  fc
    .tuple(names, grammar.directives, grammar.selections)
    .map(([name, directives, selections]) => [
      ...['query', name, '(', '$', 'a', ':', '[', 'Int', '!', ']', '=', '[', '1', ']', '@', 'x'],
      ...['(', 'y', ':', '{', 'z', ':', '1', '}', ')', '$', 'actions', ':', '[', 'Int', ']', ')'],
      ...directives,
      ...selections,
    ]),
  fc
    .tuple(
      names.filter((name) => name !== 'on'),
      names,
      grammar.directives,
      grammar.selections,
    )
    .map(([name, type, ...rest]) => ['fragment', name, 'on', type, ...rest.flat()]),
);
const documents = fc
  .tuple(
    fc.array(definitions, { minLength: 1, maxLength: 3 }),
    fc.infiniteStream(fc.array(ignored, { maxLength: 2 })),
    fc.infiniteStream(fc.boolean()),
  )
  .map(([list, separators, touches]) => {
    const gap = (): string => (separators.next().value as string[]).join('');
    let text = '';
    for (const token of list.flat()) {
      // Punctuators need nothing between them and their neighbours.
      const mayTouch = /^[[\](){}:@]$/.test(token) || /[[\](){}:@]$/.test(text);
      text += mayTouch && touches.next().value ? token : `${gap() || ' '}${token}`;
    }
    return text + gap();
  });

/** The same by graphql-js. */
function expectedSize(text: string): Partial<DocumentSize> {
  let tokens = 0;
  const lexer = new Lexer(new Source(text));
  const start = lexer.token;
  while (lexer.advance().kind !== TokenKind.EOF);
  // Comments are linked between the others.
  for (let token = start.next!; token.kind !== TokenKind.EOF; token = token.next!) {
    const raw = text.slice(token.start, token.end);
    if (token.kind === TokenKind.STRING) tokens += raw.match(/\\./g)?.length ?? 0;
    if (token.kind === TokenKind.BLOCK_STRING) tokens += raw.match(/\\"""|[\r\n]/g)?.length ?? 0;
    tokens++;
  }
  const size = { tokens, names: 0, directives: 0, fragments: 0, spreads: 0, variables: 0 };
  const depths = { selectionDepth: [0, 0], valueDepth: [0, 0], round: [0, 0] };
  const nest = (what: keyof typeof depths) => ({
    enter: () => {
      const [depth, most] = depths[what] as [number, number];
      depths[what] = [depth + 1, Math.max(most, depth + 1)];
    },
    leave: () => {
      depths[what][0]!--;
    },
  });
  const count = (names: number): void => {
    if (depths.round[0] === 0) size.names += names;
  };
  visit(parse(text), {
    SelectionSet: nest('selectionDepth'),
    Field: ({ alias }) => count(alias ? 2 : 1),
    FragmentSpread: () => {
      size.spreads++;
      count(1);
    },
    InlineFragment: ({ typeCondition }) => {
      size.spreads++;
      count(typeCondition ? 2 : 0);
    },
    FragmentDefinition: () => {
      size.fragments++;
      count(4);
    },
    OperationDefinition: ({ loc, name }) => {
      if (text[loc!.start] !== '{') count(name ? 2 : 1);
    },
    Directive: () => {
      size.directives++;
      count(1);
    },
    Argument: nest('round'),
    VariableDefinition: nest('round'),
    Variable: () => {
      size.variables++;
    },
    ListValue: nest('valueDepth'),
    ListType: nest('valueDepth'),
    ObjectValue: nest('valueDepth'),
  });
  const [selectionDepth, valueDepth] = [depths.selectionDepth[1]!, depths.valueDepth[1]!];
  return { ...size, selectionDepth, valueDepth };
}

test('generated documents are as large as graphql-js finds them', () => {
  fc.assert(
    fc.property(documents, (text) => {
      const { variables, ...expected } = expectedSize(text);
      const { size, exceeded } = measureDocument(text);
      expect(size).toMatchObject(expected);
      expect(exceeded).toBeUndefined();
      // Those in a list of actions do not count.
      if (!text.includes('actions')) expect(size.variables).toBe(variables);
    }),
    { numRuns: 400 },
  );
  fc.assert(
    fc.property(queries, ({ query }) => {
      expect(measureDocument(query).size).toMatchObject(expectedSize(query));
    }),
    { numRuns: 300 },
  );
});

test('whatever text is measured, without an error and without going back', () => {
  const parts = fc.constantFrom(
    ...'{}[]()":@.$#!a1-\\\n '.split(''),
    '"""',
    '...',
    'actions:[',
    'é',
  );
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 60 }), (list) => {
      const text = list.join('');
      const { size } = measureDocument(text);
      expect(size.tokens).toBeLessThanOrEqual(text.length);
      expect(size.otherLength).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 3_000 },
  );
});

describe('a document', () => {
  it.each([
    ['{', '"no end'],
    ['{ a(b: ', '"""no end'],
    ['{ a ', '%'],
    ['{ a ', '. . .'],
    ['{ a(b: [', ')'],
    ['{ a } ', '}'],
  ])('that is broken is read as far as the parser gets: %s%s', (start, end) => {
    const text = start + end + '{ a '.repeat(1_000);
    expect(explainExcess(text)).toBeUndefined();
    expect(() => parse(text)).toThrow('Syntax Error');
  });

  it.each([
    ['{ a(x: "{{{{") { b } }', { selectionDepth: 2, valueDepth: 0, names: 2 }],
    ['{ a(x: [{ y: [1] }]) { b(x: {}) } }', { selectionDepth: 2, valueDepth: 3 }],
    ['{ a: b a: c(x: 1) { d } a }', { comparisons: 2 * (3 + 8 + 4) }],
    ['{ a(actions: [1 [2 3] { b: $c }], d: $e) }', { actions: 3, otherTokens: 12, variables: 1 }],
    ['{ a(actions: [{ actions: [1 2 3] }]) { actions { b } } }', { actions: 1 }],
    ['{ ...on ...on a }', { spreads: 2, names: 3 }],
    ['fragment fragment on fragment { fragment }', { fragments: 1, names: 5 }],
  ] as const)('is measured: %s', (text, expected) => {
    expect(measureDocument(text).size).toMatchObject(expected);
  });

  it.each([
    [
      `{ ${Array.from({ length: 1_001 }, (_, at) => `a${at}`).join(' ')} }`,
      '1,000 fields and other names',
    ],
    [`{ a ${'@b '.repeat(201)} }`, '200 directives'],
    [`{ a { `.repeat(31), '30 selection sets'],
    [`{ a(b: ${'['.repeat(41)}`, '40 lists and objects'],
    [`{ a(b: [${'1 '.repeat(5_001)}`, '5,000 tokens'],
    [`{ a(actions: [${'1 '.repeat(10_001)}`, '10,000 items'],
    [`{ a(b: "${'x'.repeat(100_001)}") }`, '100,000 characters'],
    ['fragment A on B { c }'.repeat(51), '50 fragments'],
    [`{ ${'... { a } '.repeat(201)} }`, '200 fragments'],
    [`{ a(b: [${'$c '.repeat(1_001)}`, '1,000 variables'],
    [`{ ${'a { b } '.repeat(200)} }`, 'the same fields'],
  ])('that is too large is refused with the limit: %#', (text, message) => {
    expect(explainExcess(text)).toContain(message);
  });

  it('that tools send is far from the limits', () => {
    const { size } = measureDocument(getIntrospectionQuery({ oneOf: true }));
    expect(size.names).toBeLessThan(200);
    expect(size.selectionDepth).toBeLessThan(15);
    expect(size.spreads).toBeLessThan(20);
  });
});
