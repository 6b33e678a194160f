import { mustBe } from './kind';
import { rule } from './rule';

/**
 * Checks that both databases store a text unchanged: PostgreSQL's text and jsonb accept neither U+0000 nor
 * lone surrogates (https://www.postgresql.org/docs/current/datatype-json.html).
 */
export function checkCharacters(text: string): string | undefined {
  if (text.includes('\0')) return 'must not contain the character U+0000';
  if (!text.isWellFormed()) return 'must be well-formed Unicode, without a lone surrogate';
  return undefined;
}

/** Checks that a value is a string of 1 to `maxLength` Unicode code points. */
export function checkText(value: unknown, maxLength: number): string | undefined {
  if (typeof value !== 'string') return mustBe(`a string of 1 to ${maxLength} characters`, value);
  // A code point takes one or two UTF-16 units, so code points are counted only between the two bounds.
  const isTooLong =
    value.length > maxLength && (value.length > 2 * maxLength || Array.from(value).length > maxLength);
  if (value === '' || isTooLong) return `must be 1 to ${maxLength} characters`;
  return checkCharacters(value);
}

/** Checks that a value is a key of `properties`: any text, also an empty one. */
export function checkKey(value: unknown): string | undefined {
  return typeof value === 'string' ? checkCharacters(value) : mustBe('a string', value);
}

/** A string of 1 to `maxLength` Unicode code points. */
export function IsText(maxLength: number): PropertyDecorator {
  return rule('isText', (value) => checkText(value, maxLength));
}

/** A key of `properties`. */
export function IsKey(): PropertyDecorator {
  return rule('isKey', checkKey);
}
