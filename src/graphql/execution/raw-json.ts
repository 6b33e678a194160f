import { randomUUID } from 'node:crypto';
import type { JsonParts } from '../../logs/model/json';

/** Stands for JSON text while a result is written. Random, so that no value in a result equals it. */
const placeholder = randomUUID();
/** Longer strings stay parts of their own: V8 would copy them once more to read a joined string. */
const maxJoinedLength = 4_096;
/** The texts of the result that is being written, in order. */
let texts: JsonParts[] = [];

/** JSON text that a result holds as it is. */
export class RawJson {
  constructor(readonly parts: JsonParts) {}

  toJSON(): string {
    texts.push(this.parts);
    return placeholder;
  }
}

/** Writes a result as JSON, with the text of each {@link RawJson} in its place. */
export function toJsonParts(result: unknown): JsonParts {
  texts = [];
  const json = JSON.stringify(result);
  if (texts.length === 0) return [`${json}\n`];
  const pieces = json.split(`"${placeholder}"`);
  const parts: (string | Buffer)[] = [];
  let text = '';
  pieces.forEach((piece, at) => {
    text += piece;
    for (const part of texts[at] ?? []) {
      if (typeof part === 'string' && part.length <= maxJoinedLength) {
        text += part;
      } else {
        parts.push(text, part);
        text = '';
      }
    }
  });
  texts = [];
  parts.push(`${text}\n`);
  return parts;
}
