import type { JsonParts } from '../../logs/model/json';

/** JSON text that a result holds as it is. */
export class RawJson {
  constructor(readonly parts: JsonParts) {}
}

/** Writes a result as JSON, with the text of each {@link RawJson} in its place. Members that are undefined are left out. */
export function toJsonParts(result: unknown): JsonParts {
  const parts: (string | Buffer)[] = [];
  let text = '';

  function write(value: unknown): void {
    if (typeof value !== 'object' || value === null) {
      text += JSON.stringify(value);
    } else if (value instanceof RawJson) {
      for (const part of value.parts) {
        if (typeof part === 'string') text += part;
        else {
          parts.push(text, part);
          text = '';
        }
      }
    } else if (Array.isArray(value)) {
      text += '[';
      value.forEach((item, at) => {
        if (at > 0) text += ',';
        write(item);
      });
      text += ']';
    } else {
      let separator = '{';
      for (const [key, member] of Object.entries(value)) {
        if (member === undefined) continue;
        text += `${separator}${JSON.stringify(key)}:`;
        write(member);
        separator = ',';
      }
      text += separator === '{' ? '{}' : '}';
    }
  }

  write(result);
  parts.push(`${text}\n`);
  return parts;
}
