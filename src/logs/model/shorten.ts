/** Bounds text from a request that an answer repeats: the first `maxLength` UTF-16 units, and … for the rest. */
export function shorten(text: string, maxLength = 60): string {
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}
