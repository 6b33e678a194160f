import { rule } from './rule';

/**
 * What both databases store unchanged: PostgreSQL's text and jsonb take neither U+0000 nor lone surrogates
 * (https://www.postgresql.org/docs/current/datatype-json.html).
 */
export function explainCharacters(text: string): string | undefined {
  if (text.includes('\0')) return 'must not contain the character U+0000';
  if (!text.isWellFormed()) return 'must be well-formed Unicode, without a lone surrogate';
  return undefined;
}

/** What keeps a value from being a string of 1 to `maxLength` Unicode code points. */
export function explainText(value: unknown, maxLength: number): string | undefined {
  if (typeof value !== 'string') return `must be a string of 1 to ${maxLength} characters`;
  // A code point takes one or two UTF-16 units, so only lengths between the two need counting.
  const isTooLong =
    value.length > maxLength &&
    (value.length > 2 * maxLength || Array.from(value).length > maxLength);
  if (value === '' || isTooLong) return `must be 1 to ${maxLength} characters`;
  return explainCharacters(value);
}

/** A string of 1 to `maxLength` Unicode code points. */
export function IsText(maxLength: number): PropertyDecorator {
  return rule('isText', (value) => explainText(value, maxLength));
}
