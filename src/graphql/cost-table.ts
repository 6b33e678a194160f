/** What a field costs for each of its parents. */
export type FieldCost =
  /** A statement, or a change. What is below it costs extra. */
  | { readonly kind: 'statement'; readonly cost: number }
  /** A list that is read: so many items at most, each of which costs 1. */
  | { readonly kind: 'list'; readonly items: number }
  /** A list that its parent has paid for. */
  | { readonly kind: 'free list'; readonly items: number }
  /** Pages: a statement, and as many items as its argument `first` says for each field that is a `page`. */
  | { readonly kind: 'connection'; readonly cost: number }
  /** The items of a connection. */
  | { readonly kind: 'page' }
  /** What is counted, as far as the argument `upTo` says. */
  | { readonly kind: 'count' };

/** What one document may cost. */
export const maxCost = 100_000;

/** Most items on a page; what a field reads when `first` says nothing sane. */
export const maxFirst = 1_000;
export const maxUpTo = 10_000;

/** Fields of an item that are free; as many again cost as much as the item does. */
export const freeFields = 32;

/** A field of introspection. Graphql-js answers some 300 of them in a millisecond. */
export const introspectionFieldCost = 3;

const connection = { kind: 'connection', cost: 100 } as const;
const page = { kind: 'page' } as const;
/** What reads as many entries as `logs` may return, whatever it makes of them. */
const aggregate = { kind: 'statement', cost: 10_000 } as const;

/**
 * By type and field. A field that returns a list of objects must be here; one that is not costs what `logs` does.
 * Other fields cost nothing.
 */
export const costTable: Readonly<Record<string, FieldCost>> = {
  'Query.logs': { kind: 'list', items: 10_000 },
  'Query.logsConnection': connection,
  'Query.logHistogram': aggregate,
  'Query.logTypes': { kind: 'list', items: 10_000 },
  'Query.clickMap': aggregate,
  'Query.session': { kind: 'statement', cost: 100 },
  'Query.sessions': connection,
  'LogEntryConnection.nodes': page,
  'LogEntryConnection.edges': page,
  'LogEntryConnection.totalCount': { kind: 'count' },
  'SessionConnection.nodes': page,
  'SessionConnection.edges': page,
  'Session.entries': connection,
  'LogHistogram.buckets': { kind: 'free list', items: 1_000 },
  'HistogramBucket.groups': { kind: 'free list', items: 10 },
  'ClickMap.cells': { kind: 'free list', items: 10_000 },
  // One variable may be recorded under many aliases, and each time it is validated and stored.
  'Mutation.recordSession': { kind: 'statement', cost: 2_000 },
  'RecordSessionPayload.entries': { kind: 'free list', items: 5_000 },
  'Mutation.deleteUserData': aggregate,
  'Mutation.deleteSession': aggregate,
};
