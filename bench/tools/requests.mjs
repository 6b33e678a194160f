const mutation = 'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }';
const entryFields = '{ time type properties userId sessionId }';

/** Records a session in one mutation: the request and its expected answer. */
export const recordSession = {
  isAtomic: true,
  bodyOfSession: (session) => JSON.stringify({ query: mutation, variables: { input: session } }),
  recorded: ({ actions }) => JSON.stringify({ data: { recordSession: { recordedCount: actions.length } } }),
};

/**
 * The request for all fields of the entries that match a filter.
 * @param filter arguments of `logs`
 */
export function bodyOfQuery(filter) {
  const names = Object.keys(filter);
  const declared = names.map((name) => `$${name}: ${name.endsWith('Time') ? 'DateTime' : 'String'}`);
  const passed = names.map((name) => `${name}: $${name}`);
  const query = `query (${declared.join(', ')}) { logs(${passed.join(', ')}) ${entryFields} }`;
  return JSON.stringify({ query, variables: filter });
}
