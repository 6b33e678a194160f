import { createHash } from 'node:crypto';
import { InvalidInputError } from '../model/errors';

/** An instant in a cursor, in microseconds. */
export const instantForm = /^\d{1,18}$/;
/** A user id or a session id in a cursor. */
export const idForm = /^[^\0]{1,256}$/su;

const scopeBytes = 9;
const checkBytes = 6;
const notValid = 'is not a valid cursor: pass a cursor unchanged';
const anotherList = 'belongs to another filter or order: pass a cursor with the arguments that returned it';

/**
 * Encodes and decodes the cursors of one list. A cursor holds the sort key of an item, a digest of the list's
 * kind, order and filter, and a checksum of both, so that an altered cursor, or one of another list, is
 * refused. Cursors are not secret: a forged one reads nothing that its client cannot read anyway.
 * @param list identifies the list: kind, order and filter; its instants are bigints
 * @param form a pattern for each part of a key
 */
export function createCursors(list: object, form: readonly RegExp[]) {
  const text = JSON.stringify(list, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  const scope = digest(text).subarray(0, scopeBytes);

  return {
    encode(key: readonly string[]): string {
      const content = Buffer.concat([scope, Buffer.from(JSON.stringify(key))]);
      return Buffer.concat([digest(content).subarray(0, checkBytes), content]).toString('base64url');
    },

    /** @throws {InvalidInputError} unless the text is a cursor of this list */
    decode(cursor: string): readonly string[] {
      const bytes = Buffer.from(cursor, 'base64url');
      const content = bytes.subarray(checkBytes);
      const isIntact =
        content.byteLength > scopeBytes &&
        digest(content).subarray(0, checkBytes).equals(bytes.subarray(0, checkBytes)) &&
        // Buffer.from skips characters that are not base64url.
        bytes.toString('base64url') === cursor;
      if (!isIntact) throw toError(notValid);
      if (!content.subarray(0, scopeBytes).equals(scope)) {
        throw toError(anotherList);
      }
      const key = parseKey(content.subarray(scopeBytes).toString(), form);
      if (!key) throw toError(notValid);
      return key;
    },
  };
}

/** Reads the key of a cursor; undefined if the cursor is forged. */
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

function toError(message: string): InvalidInputError {
  return new InvalidInputError([{ path: 'after', message }]);
}
