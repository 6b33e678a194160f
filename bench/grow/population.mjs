import { recordedActions } from '../tools/entries.mjs';

const users = 100_000;
const dayMs = 24 * 60 * 60 * 1_000;
const spanMs = 180 * dayMs;
export const actionsPerSession = 20;

/**
 * Milliseconds since 1970: entries of a full store lie between them. The last day of this month is left free: new
 * sessions go there, to a partition that is as full as one ever gets.
 */
export const lastTime = (() => {
  const now = new Date();
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1) - dayMs;
})();
const firstTime = lastTime - spanMs;

/** The k-th type is used 1/k as often as the first one. */
const types = [
  ...['VIEW', 'CLICK', 'SCROLL', 'SEARCH', 'LOGIN', 'LOGOUT', 'PLAY', 'PAUSE', 'SHARE', 'LIKE'],
  ...['COMMENT', 'UPLOAD', 'DOWNLOAD', 'PURCHASE', 'REFUND', 'RATE', 'INVITE', 'EXPORT', 'PRINT'],
  'ERROR',
];
const typeOfShare = types.flatMap((type, at) => Array(Math.ceil(2_520 / (at + 1))).fill(type));

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
export function createRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Has a tenth of all sessions, and is erased in the end. */
export const busiestUser = 'user-0';

/** Few users do much: of the other nine tenths, the first 100 of 100,000 do 6 %. */
function drawUser(random) {
  return `user-${Math.floor(users * random() ** 2.5)}`;
}

/**
 * A session of about ten minutes.
 * @param start in milliseconds since 1970
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

/** The sessions of a store of so many entries, in the order they begin; as in life, many are under way at once. */
export function* drawStore(entries) {
  const random = createRandom(1);
  const sessions = Math.ceil(entries / actionsPerSession);
  for (let n = 0; n < sessions; n++) {
    const start = firstTime + Math.floor((n * spanMs) / sessions);
    const session = drawSession(random, `session-${n}`, start);
    yield n % 10 === 0 ? { ...session, userId: busiestUser } : session;
  }
}
