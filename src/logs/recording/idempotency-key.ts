import { createHash } from 'node:crypto';
import { isArray } from 'class-validator';
import { InvalidInputError } from '../model/errors';
import { parseInstant } from '../model/instant';
import { isObject, type JsonValue } from '../model/json';
import type { Principal } from '../access/principal';
import type { SessionDigests } from '../log-entry-repository';
import type { SessionInput } from './session-input';

/**
 * Computes the digests of a session's idempotency key and content. The digest of the content does not depend
 * on the order of keys in properties, or on the offsets of times.
 * @param sender whose keys never meet those of another user, nor those of a public key
 * @returns undefined for a session without a key
 */
export function digestSession(
  session: SessionInput,
  { userId: owner, isPublic, name }: Principal,
): SessionDigests | undefined {
  const { userId, sessionId, actions, idempotencyKey } = session;
  if (idempotencyKey === undefined || idempotencyKey === null) return undefined;
  const content = actions.map(
    ({ time, type, properties }) =>
      `[${parseInstant(time)},${JSON.stringify(type)},${canonicalize(properties ?? {})}]`,
  );
  const sessionDigest = digest(
    `[${JSON.stringify(userId)},${JSON.stringify(sessionId)},[${content.join(',')}]]`,
  );
  // No part contains U+0000, so that two lists of parts never give one text. Everybody has a public key: its
  // idempotency keys belong to one content, so that the answer to other content tells nothing about them.
  const ownerText = isPublic ? `\0${name}\0${sessionDigest}\0` : owner === undefined ? '' : `${owner}\0`;
  return { key: digest(ownerText + idempotencyKey), digest: sessionDigest };
}

/**
 * Gives a session the key of the header Idempotency-Key.
 * @param session not validated yet
 * @throws {InvalidInputError} when the session has a key of its own
 */
export function withHeaderKey(session: unknown, idempotencyKey: string | undefined): unknown {
  if (idempotencyKey === undefined || !isObject(session)) return session;
  if ((session['idempotencyKey'] ?? null) === null) return { ...session, idempotencyKey };
  throw new InvalidInputError([
    { path: 'Idempotency-Key', message: 'must be given once: as a header or in the session' },
  ]);
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
