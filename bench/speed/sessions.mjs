import { recordedActions } from '../tools/entries.mjs';

const users = 500;

/**
 * The n-th session of a series: what recordSession takes.
 * @param prefix of the session's id
 * @param count actions
 * @param start of the session, in milliseconds since 1970
 * @param step between two actions, in milliseconds
 */
export function createSession(prefix, n, count, start, step) {
  return {
    // 7,919 is prime: neighbours in time are different users.
    userId: `user-${(n * 7_919) % users}`,
    sessionId: `${prefix}-${n}`,
    actions: Array.from({ length: count }, (_, at) => {
      const { type, properties } = recordedActions[(n * count + at) % recordedActions.length];
      return { time: new Date(start + at * step).toISOString(), type, properties };
    }),
  };
}
