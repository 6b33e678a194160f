import type { FieldText } from './root-fields';

/** A request in one of the forms in which clients write a document. */
export interface Form {
  /** Whether the form is possible for the operation; absent: for every one. */
  readonly operations?: readonly string[];
  /** Whether the field is in the document without being asked for. */
  readonly isOther?: true;
  /** Whether the directives skip the field. */
  readonly isSkipped?: true;
  /** The user of the field is a literal, or `$user`. */
  readonly hasVariable?: true;
  write(field: FieldText): {
    readonly query: string;
    readonly operationName?: string;
    readonly variables?: object;
  };
}

const viewer = '{ viewer { name } }';

export const forms = {
  plain: { write: ({ operation, head, selection }) => ({ query: `${operation} { ${head} ${selection} }` }) },
  variable: {
    hasVariable: true,
    write: ({ operation, head, selection }) => ({
      query: `${operation} ${head.includes('$user') ? '($user: String!)' : ''} { __typename ${head} ${selection} }`,
    }),
  },
  'one of several operations': {
    write: ({ operation, head, selection }) => ({
      query: `query Other ${viewer} ${operation} Wanted { ${head} ${selection} }`,
      operationName: 'Wanted',
    }),
  },
  'another operation': {
    isOther: true,
    write: ({ operation, root, head, selection }) => ({
      query: `${operation} Other { ...Unwanted } query Wanted ${viewer}
        fragment Unwanted on ${root} { ${head} ${selection} }`,
      operationName: 'Wanted',
    }),
  },
  fragments: {
    write: ({ operation, root, head, selection }) => ({
      query: `fragment Inner on ${root} { ${head} ${selection} }
        ${operation} { __typename ...Outer } fragment Outer on ${root} { ... on ${root} { ...Inner } }`,
    }),
  },
  aliases: {
    write: ({ operation, head, selection }) => ({
      query: `${operation} { a: ${head} ${selection} b: __typename c: ${head} ${selection} }`,
    }),
  },
  'skipped fields': {
    isSkipped: true,
    write: ({ operation, root, head, selection }) => ({
      query: `${operation} ($no: Boolean = false) {
        a: ${head} @skip(if: true) ${selection}
        b: ${head} @include(if: $no) ${selection}
        ... on ${root} @include(if: false) { c: ${head} ${selection} }
      }`,
    }),
  },
  'beside introspection': {
    operations: ['query'],
    write: ({ operation, head, selection }) => ({
      query: `${operation} { __schema { queryType { name } } ${head} ${selection} }`,
    }),
  },
} satisfies Record<string, Form>;
