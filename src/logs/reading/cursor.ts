import { createHash } from 'node:crypto';
import { InvalidInputError } from '../model/errors';

/** An instant of an entry, in microseconds. */
export const instantForm = /^\d{1,18}$/;
/** An id that somebody has chosen. */
export const idForm = /^[^\0]{1,256}$/su;

const scopeBytes = 9;
const checkBytes = 6;

/**
 * Opaque marks of places in a list. Each holds the key of the place, a digest of what the list is (its kind, order and
 * filter), and a check of both, so that one that was altered, or belongs to another list, is refused and not obeyed.
 * Nothing in it is secret, and nobody gains anything by making one up.
 */
export interface Cursors {
  encode(key: readonly string[]): string;
  /** @throws {InvalidInputError} when it is no cursor of this list */
  decode(cursor: string): readonly string[];
}

/**
 * @param list all that makes the list what it is; instants are bigints
 * @param form what each part of a key looks like
 */
export function createCursors(list: object, form: readonly RegExp[]): Cursors {
  const text = JSON.stringify(list, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  const scope = digest(text).subarray(0, scopeBytes);

  function encode(key: readonly string[]): string {
    const content = Buffer.concat([scope, Buffer.from(JSON.stringify(key))]);
    return Buffer.concat([digest(content).subarray(0, checkBytes), content]).toString('base64url');
  }

  return {
    encode,
    decode(cursor) {
      const bytes = Buffer.from(cursor, 'base64url');
      const content = bytes.subarray(checkBytes);
      const isWhole =
        content.byteLength > scopeBytes &&
        digest(content).subarray(0, checkBytes).equals(bytes.subarray(0, checkBytes)) &&
        // The decoder skips what is no base64url.
        bytes.toString('base64url') === cursor;
      if (!isWhole) throw refuse('must be a cursor that this server gave out, as it was');
      if (!content.subarray(0, scopeBytes).equals(scope)) {
        throw refuse('must be a cursor of the same list: it came with another filter or order');
      }
      const key = parseKey(content.subarray(scopeBytes).toString(), form);
      if (!key) throw refuse('must be a cursor that this server gave out, as it was');
      return key;
    },
  };
}

/** Undefined when somebody has made it up. */
function parseKey(text: string, form: readonly RegExp[]): readonly string[] | undefined {
  let key: unknown;
  try {
    key = JSON.parse(text);
  } catch {
    return undefined;
  }
  const isKey =
    Array.isArray(key) &&
    key.length === form.length &&
    form.every((pattern, at) => typeof key[at] === 'string' && pattern.test(key[at]));
  return isKey ? (key as string[]) : undefined;
}

function digest(content: string | Buffer): Buffer {
  return createHash('sha256').update(content).digest();
}

function refuse(message: string): InvalidInputError {
  return new InvalidInputError([{ path: 'after', message }]);
}
