import { createHash } from 'node:crypto';
import { canonicalJson, entriesOf } from '../tools/entries.mjs';
import { recordSession } from '../tools/requests.mjs';
import { WrongAnswer } from '../tools/wrong-answer.mjs';
import { createSession } from './sessions.mjs';

const actionsPerSession = 20;
/**
 * Time of the first entry in milliseconds since 1970. There is one entry per second: n seconds hold n
 * entries.
 */
const firstTime = Date.parse('2024-01-01T00:00:00Z');
export const preloadedCount = 40_000;

const sessions = Array.from({ length: preloadedCount / actionsPerSession }, (_, n) =>
  createSession('preload', n, actionsPerSession, timeOf(n * actionsPerSession), 1_000),
);
const canonicalEntries = sessions.flatMap(entriesOf).map(canonicalJson);

/** Milliseconds since 1970 of the n-th preloaded entry. */
export function timeOf(n) {
  return firstTime + n * 1_000;
}

/**
 * Records every session through the server's API, in the same order for every server, with `recordSession`.
 */
export async function preload({ name, url }) {
  for (const session of sessions) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: recordSession.bodyOfSession(session),
    });
    const text = await response.text();
    if (text.trim() !== recordSession.recorded(session)) {
      throw new WrongAnswer(name, 'preload', recordSession.recorded(session), text);
    }
  }
}

/** @returns the checksum of `count` preloaded entries, beginning with the n-th */
export function expectedChecksum(n, count) {
  return checksum(canonicalEntries.slice(n, n + count));
}

/** @returns the checksum of the entries of an answer, in whatever notation their times are */
export function checksumOf(entries) {
  return checksum(
    entries.map((entry) => canonicalJson({ ...entry, time: new Date(entry.time).toISOString() })),
  );
}

function checksum(texts) {
  return createHash('sha256').update(texts.join('\n')).digest('hex');
}
