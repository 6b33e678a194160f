import { createRandom } from './random';
import type { Session } from '../server/web-sessions';

const types = ['CLICK', 'VIEW', 'NAVIGATE', 'Ünïcode 😀', 'it\'s "quoted"'];

/**
 * A session that is a function of its id: a journal of many sessions keeps no more than ids, and the checker still knows
 * each field. 1 to 50 actions, more often few than many, over four years, so that they fall into many partitions.
 */
export function sessionOf(sessionId: string): Session {
  const random = randomOf(sessionId);
  const count = 1 + Math.floor(50 * random() ** 3);
  const from = Date.UTC(2023 + Math.floor(random() * 4), Math.floor(random() * 12), 1);
  const actions = Array.from({ length: count }, (_, at) => ({
    time: timeOf(from + Math.floor(random() * 86_400_000), Math.floor(random() * 1_000)),
    type: types[Math.floor(random() * types.length)]!,
    properties: {
      id: `${sessionId}/${at}`,
      at,
      ratio: random(),
      text: 'x'.repeat(Math.floor(random() * 40)) + 'é\n\\"😀',
      nested: { list: [null, true, at % 2 === 0, -1.5e-7, { '': [] }] },
    },
  }));
  return { userId: `user of ${sessionId}`, sessionId, actions };
}

/** Microseconds, as the server keeps them. */
function timeOf(ms: number, micros: number): string {
  return new Date(ms).toISOString().replace('Z', `${micros.toString().padStart(3, '0')}Z`);
}

/** Always the same numbers for the same text. */
function randomOf(text: string): () => number {
  let seed = 0;
  for (const character of text) seed = Math.imul(seed ^ character.charCodeAt(0), 0x01000193);
  return createRandom(seed);
}
