import { readFileSync } from 'node:fs';

/** Actions of real web sessions: { time, type, properties }. */
export const recordedActions = readFileSync(
  new URL('../../test/fixtures/web-sessions.ndjson', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .flatMap((line) => JSON.parse(line).actions);

/** The entries of a session, as `logs` returns them. */
export function entriesOf({ userId, sessionId, actions }) {
  return actions.map((action) => ({ ...action, userId, sessionId }));
}

/** JSON with sorted keys, so that equal values have equal texts. */
export function canonicalJson(value) {
  return JSON.stringify(value, (_key, part) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
