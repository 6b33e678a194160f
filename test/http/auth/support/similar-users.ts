import { createRandom } from '../../../support/journal/random';
import type { Session } from '../../../support/server/web-sessions';

/** The user whose key is probed. */
export const own = 'ann';
/** Users that a careless comparison takes for it. */
export const others = [
  'Ann',
  'anna',
  'an',
  'ann ',
  ' ann',
  'a%',
  '_nn',
  'ann\u0301',
  'ａｎｎ',
  '["ann"]',
  'ann\u200b',
];
export const nobody = 'nobody';
export const users = [own, ...others, nobody];
export const sessionIds = ['s1', 's2', 'S1'];
export const types = ['CLICK', 'click', 'VIEW'];
/** A type and a text that only others have. */
export const secretType = 'SECRET';
const secret = 'of-another-user';

/** The times of all users, some of them equal; years ago, so that no bucket ends now. */
export const times = [
  '2018-03-01T00:00:00Z',
  '2018-03-01T00:00:00.000001Z',
  ...[1, 2, 3, 4, 5, 6, 7].map((day) => `2018-03-0${day}T12:30:00Z`),
  '2018-03-25T01:30:00Z',
  '9999-12-30T23:59:59.999999Z',
];

/** The same sessions every time: those of the user, and many more of the others. */
export function createSessions(count: number): readonly Session[] {
  const random = createRandom(16);
  const below = (end: number): number => Math.floor(random() * end);
  const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)]!;
  return Array.from({ length: count }, () => {
    const userId = below(4) === 0 ? own : pick(others);
    const actions = Array.from({ length: 1 + below(6) }, () => ({
      // Others are there before, after and between.
      time: userId === own ? pick(times.slice(1)) : pick(['2017-01-01T00:00:00Z', ...times]),
      type: userId !== own && below(4) === 0 ? secretType : pick(types),
      properties: {
        locationX: below(200),
        locationY: below(200),
        n: below(5),
        ...(userId !== own && { secret }),
      },
    }));
    return { userId, sessionId: pick(sessionIds), actions };
  });
}
