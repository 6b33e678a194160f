/**
 * Maximum number of entries in a commit, and so in a session. On PostgreSQL each commit takes a block of as many ids:
 * the increment of the sequence `log_entry_id`, which is checked at start.
 */
export const maxEntriesPerCommit = 5_000;

/** What a session may hold. The same for every instance, so that an entry accepted by one is by all. */
export const limits = {
  /** Characters (Unicode code points) in a user id or a session id. */
  maxIdLength: 256,
  /** Characters (Unicode code points) in a type. */
  maxTypeLength: 200,
  maxActionsPerSession: maxEntriesPerCommit,
  /** Bytes of an action's properties as JSON in UTF-8. */
  maxPropertiesBytes: 32_768,
  /** Objects and arrays within each other; the properties object itself is the first level. */
  maxPropertiesDepth: 32,
  /** Entries on a page of a connection. */
  maxPageSize: 1_000,
} as const;

/** Most items of the lists in a filter. */
export const filterLimits = {
  /** Of users, sessions, types and the values of `in`. */
  maxValues: 100,
  /** Conditions on properties, each of which reads them anew. */
  maxConditions: 10,
} as const;

/**
 * Most bytes of JSON that a query returns. A string has room for twice that
 * (https://nodejs.org/api/buffer.html#bufferconstantsmax_string_length); pg ends the process when it receives more.
 */
export const maxResultBytes = 256_000_000;
