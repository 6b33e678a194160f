/** Characters after which a summary is of no use in one line. */
const maxLength = 300;

/** Properties in one line, such as `path: /cart, status: 200`. */
export function shortProperties(properties: Readonly<Record<string, unknown>>): string {
  let text = '';
  for (const [key, value] of Object.entries(properties)) {
    if (text.length > maxLength) break;
    const shown = typeof value === 'string' ? value : JSON.stringify(value);
    text += `${text === '' ? '' : ', '}${key}: ${shown.slice(0, maxLength)}`;
  }
  return text;
}
