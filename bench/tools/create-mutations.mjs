/** Records a session on PostGraphile without custom SQL: one document with a mutation for each action. */
export const createMutations = {
  /** Each mutation commits on its own. */
  isAtomic: false,
  bodyOfSession({ userId, sessionId, actions }) {
    const receivedAt = new Date().toISOString();
    const names = actions.map((_, at) => `a${at}`);
    const declared = names.map((name) => `$${name}: LogEntryInput!`).join(', ');
    const fields = names.map(
      (name) => `${name}: createLogEntry(input: { logEntry: $${name} }) { __typename }`,
    );
    const variables = Object.fromEntries(
      actions.map((action, at) => [names[at], { ...action, userId, sessionId, receivedAt }]),
    );
    return JSON.stringify({ query: `mutation (${declared}) { ${fields.join(' ')} }`, variables });
  },
  recorded({ actions }) {
    const answers = actions.map((_, at) => [`a${at}`, { __typename: 'CreateLogEntryPayload' }]);
    return JSON.stringify({ data: Object.fromEntries(answers) });
  },
};
