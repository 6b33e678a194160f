/** The cost of a field for each of its parents, in objects read. */
export interface FieldCost {
  /** Without it, the lists below the field have the page size of the field above. */
  readonly pageSize?: PageSize;
  /**
   * @param below the cost of the queries and lists below the field
   * @param item the cost of one item, if the field is a list
   */
  readonly cost: (below: number, item: number, pageSize: number) => number;
}

/** The argument that bounds the lists below a field, and its maximum. */
export interface PageSize {
  readonly argument: string;
  readonly max: number;
}

/** Fields of one object that cost as much as the object. */
export const fieldsPerObject = 32;

/** Assumed length of an introspection list, rounded up from the mean of the schema; 1 for other lists. */
const introspectionItems: Readonly<Record<string, number>> = { types: 60, fields: 3 };

const query: FieldCost = { cost: (below) => 100 + below };
const connection: FieldCost = { ...query, pageSize: { argument: 'first', max: 1_000 } };
const page: FieldCost = { cost: (_below, item, pageSize) => pageSize * item };

function list(items: number): FieldCost {
  return { cost: (_below, item) => items * item };
}

/** A scan or a write: the greater of its own cost and the cost of everything below it. */
function scan(cost: number): FieldCost {
  return { cost: (below) => Math.max(cost, below) };
}

/** Root fields and lists of objects that are not in the table. Other fields cost nothing by default. */
export const unlistedCost = list(10_000);

/** The cost of a field of introspection: graphql-js resolves some 300 of them in a millisecond. */
export function introspectionCost(field: string): FieldCost {
  return { cost: (below) => 2 + (introspectionItems[field] ?? 1) * below };
}

/** By type and field. */
export const fieldCosts: Readonly<Record<string, FieldCost>> = {
  'Query.serverInfo': { cost: (below) => below },
  'Query.viewer': { cost: (below) => below },
  'Query.logs': list(10_000),
  'Query.logsConnection': connection,
  'Query.logHistogram': { ...scan(10_000), pageSize: { argument: 'topGroups', max: 100 } },
  'Query.logTypes': scan(10_000),
  'LogTypes.types': list(1_000),
  'Query.clickMap': scan(10_000),
  'Query.session': query,
  'Query.sessions': connection,
  'Query.logChanges': connection,
  'Subscription.logRecorded': connection,
  'LogChanges.entries': page,
  // A page ends at an erasure.
  'LogChanges.erasures': list(10),
  'LogEntryConnection.nodes': page,
  'LogEntryConnection.edges': page,
  'LogEntryConnection.totalCount': {
    pageSize: { argument: 'upTo', max: 10_000 },
    cost: (_below, _item, upTo) => 100 + upTo,
  },
  'SessionConnection.nodes': page,
  'SessionConnection.edges': page,
  'Session.entries': connection,
  'LogHistogram.buckets': list(1_000),
  // Groups come with the rows of their buckets.
  'HistogramBucket.groups': { cost: (_below, item, topGroups) => (topGroups * item) / 10 },
  'ClickMap.cells': list(10_000),
  'Mutation.recordSession': scan(2_000),
  // There may be 5,000 entries, but they are not read from the database.
  'RecordSessionPayload.entries': list(2_000),
  'Mutation.deleteUserData': scan(10_000),
  'Mutation.deleteSession': scan(10_000),
};
