import { randomUUID } from 'node:crypto';
import { isObject, type JsonParts } from '../../logs/model/json';
import { listJson, writeJson } from '../../logs/model/write-json';

/** Stands for JSON text while a result is written. Random, so that no value in a result equals it. */
const placeholder = randomUUID();
/** Longer strings stay parts of their own: V8 would copy them once more to read a joined string. */
const maxJoinedLength = 4_096;
/** Larger answers are passed to Apollo Server as stand-ins. */
const maxJoinedBytes = 65_536;
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

/**
 * Writes a large result in slices.
 * @param take called with the bytes of each part
 */
export async function toRawJson(result: unknown, take: (bytes: number) => void): Promise<RawJson> {
  return new RawJson(await writeJson(piecesOf(result), take));
}

/** The JSON of a result, in pieces. */
function* piecesOf(value: unknown): Generator<string | Buffer> {
  if (value instanceof RawJson) yield* value.parts;
  else if (Array.isArray(value)) yield* listJson(value, piecesOf);
  else if (isObject(value)) {
    let text = '{';
    for (const [at, [key, member]] of Object.entries(value).entries()) {
      text += `${at === 0 ? '' : ','}"${key}":`;
      if (typeof member === 'object' && member !== null) {
        yield text;
        yield* piecesOf(member);
        text = '';
      } else text += JSON.stringify(member);
    }
    yield `${text}}`;
  } else yield JSON.stringify(value);
}

/**
 * Passes large answers through Apollo Server, which sends texts: joining an answer of 31 MB takes 100 ms, and its memory
 * three times.
 */
export function createStandIns() {
  const answers = new Map<string, JsonParts>();
  return {
    /** @returns the text of an answer; if it is large, one that stands for it */
    add(parts: JsonParts): string {
      const bytes = parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
      if (bytes <= maxJoinedBytes) return parts.join('');
      const standIn = randomUUID();
      answers.set(standIn, parts);
      return standIn;
    },
    /** The parts of a large answer, for the text that stands for it. */
    take: (text: unknown): JsonParts | undefined => {
      const parts = answers.get(text as string);
      if (parts) answers.delete(text as string);
      return parts;
    },
  };
}
