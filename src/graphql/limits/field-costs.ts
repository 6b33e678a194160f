/** What a field costs for each of its parents. */
export type FieldCost =
  /**
   * A statement, or a change. It includes so many items below it, and as many again for each that its argument grants;
   * what is below it beyond that costs extra.
   */
  | {
      readonly kind: 'statement';
      readonly cost: number;
      readonly includes: number;
      /** Says how many items each field has that is `granted`, at most `most`. */
      readonly argument?: { readonly name: string; readonly most: number };
    }
  /** A list: so many items at most, each of which costs 1. */
  | { readonly kind: 'list'; readonly items: number }
  /** A list of as many items as the argument of the statement above it says. */
  | { readonly kind: 'granted' }
  /** A statement that counts, as far as the argument `upTo` says. */
  | { readonly kind: 'count'; readonly cost: number };

/** What one document may cost. */
export const maxCost = 100_000;

/** As far as a count is paid for by how far it goes. */
export const maxUpTo = 10_000;

/** Items of a list of introspection that nobody knows. */
export const unknownItems = 1_000;

/** Fields of an item that are free; as many again cost as much as the item does. */
export const freeFields = 32;

/** A field of introspection. Graphql-js answers some 300 of them in a millisecond. */
export const introspectionFieldCost = 3;

const statement = { kind: 'statement', cost: 100, includes: 0 } as const;
/** When `first` says nothing sane, it is taken for the most. */
const connection = { ...statement, argument: { name: 'first', most: 1_000 } } as const;
const granted = { kind: 'granted' } as const;
/** What reads as many entries as `logs` may return, whatever it makes of them. */
const aggregate = { kind: 'statement', cost: 10_000, includes: 0 } as const;

/**
 * By type and field. A field that returns a list of objects must be here; one that is not costs what `logs` does.
 * Other fields cost nothing.
 */
export const costTable: Readonly<Record<string, FieldCost>> = {
  'Query.logs': { kind: 'list', items: 10_000 },
  'Query.logsConnection': connection,
  // Its buckets once, and their groups once.
  'Query.logHistogram': {
    ...aggregate,
    includes: 1_000,
    argument: { name: 'topGroups', most: 100 },
  },
  'Query.logTypes': { kind: 'list', items: 10_000 },
  // Its cells once.
  'Query.clickMap': { ...aggregate, includes: 10_000 },
  'Query.session': statement,
  'Query.sessions': connection,
  'LogEntryConnection.nodes': granted,
  'LogEntryConnection.edges': granted,
  'LogEntryConnection.totalCount': { kind: 'count', cost: 100 },
  'SessionConnection.nodes': granted,
  'SessionConnection.edges': granted,
  'Session.entries': connection,
  'LogHistogram.buckets': { kind: 'list', items: 1_000 },
  'HistogramBucket.groups': granted,
  'ClickMap.cells': { kind: 'list', items: 10_000 },
  // One variable may be recorded under many aliases, and each time it is validated and stored. Its entries once.
  'Mutation.recordSession': { kind: 'statement', cost: 2_000, includes: 5_000 },
  'RecordSessionPayload.entries': { kind: 'list', items: 5_000 },
  'Mutation.deleteUserData': aggregate,
  'Mutation.deleteSession': aggregate,
};
