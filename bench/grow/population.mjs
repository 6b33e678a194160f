import { recordedActions } from '../tools/entries.mjs';

const users = 100_000;
const dayMs = 24 * 60 * 60 * 1_000;
const spanMs = 180 * dayMs;
export const actionsPerSession = 20;

/**
 * End of the stored entries in milliseconds since 1970: the start of the last day of this month. New sessions
 * belong to that day, so they go to a partition that is nearly full.
 */
export const lastTime = (() => {
  const now = new Date();
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1) - dayMs;
})();
const firstTime = lastTime - spanMs;

/** The k-th type occurs 1/k as often as the first (Zipf). */
const types = [
  ...['VIEW', 'CLICK', 'SCROLL', 'SEARCH', 'LOGIN', 'LOGOUT', 'PLAY', 'PAUSE', 'SHARE', 'LIKE'],
  ...['COMMENT', 'UPLOAD', 'DOWNLOAD', 'PURCHASE', 'REFUND', 'RATE', 'INVITE', 'EXPORT', 'PRINT'],
  'ERROR',
];
const typeOfShare = types.flatMap((type, at) => Array(Math.ceil(2_520 / (at + 1))).fill(type));

/** A generator of numbers from 0 to 1, the same in every run (mulberry32). */
export function createRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The user with a tenth of all sessions; measureErasing erases it. */
export const busiestUser = 'user-0';

/** Activity is skewed: the first 100 of 100,000 users have 6 % of the other sessions. */
function drawUser(random) {
  return `user-${Math.floor(users * random() ** 2.5)}`;
}

/**
 * Draws a session of about ten minutes.
 * @param start time in milliseconds since 1970
 */
export function drawSession(random, sessionId, start) {
  let time = start;
  return {
    userId: drawUser(random),
    sessionId,
    actions: Array.from({ length: actionsPerSession }, () => {
      time += 1 + Math.floor(random() * 60_000);
      const { properties } = recordedActions[Math.floor(random() * recordedActions.length)];
      const type = typeOfShare[Math.floor(random() * typeOfShare.length)];
      return { time: new Date(time).toISOString(), type, properties };
    }),
  };
}

/** The sessions of a database with so many entries, ordered by start; as in production, they overlap. */
export function* drawStore(entries) {
  const random = createRandom(1);
  const sessions = Math.ceil(entries / actionsPerSession);
  for (let n = 0; n < sessions; n++) {
    const start = firstTime + Math.floor((n * spanMs) / sessions);
    const session = drawSession(random, `session-${n}`, start);
    yield n % 10 === 0 ? { ...session, userId: busiestUser } : session;
  }
}
