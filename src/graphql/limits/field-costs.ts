/** The cost of a field for each of its parents, in objects read. */
export type FieldCost =
  /** A query: its own cost and that of everything below it. */
  | { readonly kind: 'query'; readonly cost: number; readonly pageSize?: PageSize }
  /** A scan or a write: its own cost, which pays for everything below it up to that cost. */
  | { readonly kind: 'scan'; readonly cost: number; readonly pageSize?: PageSize }
  /** A list of at most so many items. */
  | { readonly kind: 'list'; readonly items: number }
  /** A list of as many items as the page size of the query above it; `weight` is the cost of one item. */
  | { readonly kind: 'page'; readonly weight: number }
  /** A count of at most `upTo` rows. */
  | { readonly kind: 'count'; readonly cost: number };

/** The argument that bounds the lists below a field, and its maximum. */
interface PageSize {
  readonly argument: string;
  readonly max: number;
}

/** Maximum cost of an operation. */
export const maxCost = 100_000;

/** A count costs as much as `upTo`, at most this. */
export const maxUpTo = 10_000;

/** Fields of one object that cost as much as the object. */
export const fieldsPerObject = 32;

/** Cost of one field of introspection: graphql-js resolves some 300 of them in a millisecond. */
export const introspectionFieldCost = 2;

/**
 * Assumed length of an introspection list, rounded up from the mean of the schema; 1 for lists that are not
 * here.
 */
export const introspectionItems: Readonly<Record<string, number>> = { types: 60, fields: 3 };

const query = { kind: 'query', cost: 100 } as const;
const connection = { ...query, pageSize: { argument: 'first', max: 1_000 } } as const;
const page = { kind: 'page', weight: 1 } as const;
const scan = { kind: 'scan', cost: 10_000 } as const;

/**
 * By type and field. Fields that return a list of objects must be here; other fields cost nothing by default.
 */
export const fieldCosts: Readonly<Record<string, FieldCost>> = {
  'Query.logs': { kind: 'list', items: 10_000 },
  'Query.logsConnection': connection,
  'Query.logHistogram': { ...scan, pageSize: { argument: 'topGroups', max: 100 } },
  'Query.logTypes': { kind: 'list', items: 10_000 },
  'Query.clickMap': scan,
  'Query.session': query,
  'Query.sessions': connection,
  'LogEntryConnection.nodes': page,
  'LogEntryConnection.edges': page,
  'LogEntryConnection.totalCount': { kind: 'count', cost: 100 },
  'SessionConnection.nodes': page,
  'SessionConnection.edges': page,
  'Session.entries': connection,
  'LogHistogram.buckets': { kind: 'list', items: 1_000 },
  // Groups come with the rows of their buckets.
  'HistogramBucket.groups': { kind: 'page', weight: 0.1 },
  'ClickMap.cells': { kind: 'list', items: 10_000 },
  'Mutation.recordSession': { kind: 'scan', cost: 2_000 },
  // At most 5,000, which are not read from the database.
  'RecordSessionPayload.entries': { kind: 'list', items: 2_000 },
  'Mutation.deleteUserData': scan,
  'Mutation.deleteSession': scan,
};
