import { createHash, randomBytes } from 'node:crypto';

const prefix = 'lm_';
/** 256 random bits and a checksum of 32 bits, which tells a mistyped key from an unknown one. */
const [secretBytes, checksumBytes] = [32, 4];
const form = /^lm_[\w-]{48}$/;

/** Makes a key: `lm_` and 48 characters of base64url. */
export function createKeyText(): string {
  const secret = randomBytes(secretBytes);
  return prefix + Buffer.concat([secret, checksumOf(secret)]).toString('base64url');
}

/** Whether a text has the form of a key that {@link createKeyText} made, its checksum included. */
export function isKeyText(text: string): boolean {
  if (!form.test(text)) return false;
  const bytes = Buffer.from(text.slice(prefix.length), 'base64url');
  return checksumOf(bytes.subarray(0, secretBytes)).equals(bytes.subarray(secretBytes));
}

/**
 * The form in which a key is stored: SHA-256 as base64url. A key has 256 random bits, so that it needs no slow hash
 * (https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html).
 */
export function digestKey(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** The visible beginning of a key: it tells keys apart in lists, and cannot be guessed from. */
export function visiblePart(text: string): string {
  return text.slice(0, prefix.length + 6);
}

function checksumOf(secret: Buffer): Buffer {
  return createHash('sha256').update(secret).digest().subarray(0, checksumBytes);
}
