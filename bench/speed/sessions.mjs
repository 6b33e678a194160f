import { recordedActions } from '../tools/entries.mjs';

const users = 500;

/**
 * The n-th session of a series, as the input of recordSession.
 * @param prefix first part of the session's id
 * @param count number of actions
 * @param start time of the first action, in milliseconds since 1970
 * @param step time between two actions, in milliseconds
 */
export function createSession(prefix, n, count, start, step) {
  return {
    // 7,919 is prime, so that consecutive sessions belong to different users.
    userId: `user-${(n * 7_919) % users}`,
    sessionId: `${prefix}-${n}`,
    actions: Array.from({ length: count }, (_, at) => {
      const { type, properties } = recordedActions[(n * count + at) % recordedActions.length];
      return { time: new Date(start + at * step).toISOString(), type, properties };
    }),
  };
}
