import { createHash } from 'node:crypto';
import { isArray } from 'class-validator';
import { InvalidInputError } from '../model/errors';
import { parseInstant } from '../model/instant';
import { isObject, type JsonValue } from '../model/json';
import type { SessionDigests } from '../log-entry-repository';
import type { SessionInput } from './session-input';

/**
 * Computes the digests of a session's idempotency key and content. The digest of the content does not depend
 * on the order of keys in properties, or on the offsets of times.
 * @param owner the user to which the sender is bound: keys of two owners never meet
 * @returns undefined for a session without a key
 */
export function digestSession(session: SessionInput, owner: string | undefined): SessionDigests | undefined {
  const { userId, sessionId, actions, idempotencyKey } = session;
  if (idempotencyKey === undefined || idempotencyKey === null) return undefined;
  const content = actions.map(
    ({ time, type, properties }) =>
      `[${parseInstant(time)},${JSON.stringify(type)},${canonicalize(properties ?? {})}]`,
  );
  return {
    // Neither text contains U+0000, so that no two pairs give one text.
    key: digest(owner === undefined ? idempotencyKey : `${owner}\0${idempotencyKey}`),
    digest: digest(`[${JSON.stringify(userId)},${JSON.stringify(sessionId)},[${content.join(',')}]]`),
  };
}

/**
 * Gives a session the key of the header Idempotency-Key.
 * @param session not validated yet
 * @throws {InvalidInputError} when the session has a key of its own
 */
export function withHeaderKey(session: unknown, idempotencyKey: string | undefined): unknown {
  if (idempotencyKey === undefined || !isObject(session)) return session;
  if ((session['idempotencyKey'] ?? null) === null) return { ...session, idempotencyKey };
  throw new InvalidInputError([{ path: 'Idempotency-Key', message: 'must be given once' }]);
}

/** JSON with sorted keys and without white space (https://www.rfc-editor.org/rfc/rfc8785). */
function canonicalize(value: JsonValue): string {
  if (isArray(value)) return `[${(value as readonly JsonValue[]).map(canonicalize).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalize(value[key] as JsonValue)}`);
  return `{${members.join(',')}}`;
}

/** SHA-256, in 43 characters. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
