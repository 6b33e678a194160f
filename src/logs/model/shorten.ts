/** Truncates text from a request for use in a message: the first `maxLength` UTF-16 units, then `…`. */
export function shorten(text: string, maxLength = 60): string {
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}
