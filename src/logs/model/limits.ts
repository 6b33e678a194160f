/**
 * Maximum number of entries in a commit, and so in a session. On PostgreSQL each commit takes a block of as
 * many ids: the increment of the sequence `log_entry_id`, which is checked at start.
 */
export const maxEntriesPerCommit = 5_000;

/** Limits of sessions and pages. Not configurable, so that all instances accept the same sessions. */
export const limits = {
  /** Characters (Unicode code points) in a user id or a session id. */
  maxIdLength: 256,
  /** Characters (Unicode code points) in a type. */
  maxTypeLength: 200,
  maxActionsPerSession: maxEntriesPerCommit,
  /** Bytes of an action's properties as JSON in UTF-8. */
  maxPropertiesBytes: 32_768,
  /** Levels of nested objects and arrays; the properties object itself is the first level. */
  maxPropertiesDepth: 32,
  /** Items on a page of a connection. */
  maxPageSize: 1_000,
  /** Cost of a GraphQL operation: about the number of objects that it reads. */
  maxQueryCost: 100_000,
  /** UTF-16 units of a GraphQL document. */
  maxDocumentLength: 100_000,
} as const;

/** Maximum number of items in the lists of a filter. */
export const filterLimits = {
  /** Users, sessions, types, and values of `in`. */
  maxValues: 100,
  /** Conditions on properties; each one reads the properties again. */
  maxConditions: 10,
} as const;

/** Default of `MAX_RESPONSE_BYTES`: maximum bytes of an answer, and of JSON that a query returns. */
export const defaultResponseBytes = 32_000_000;
