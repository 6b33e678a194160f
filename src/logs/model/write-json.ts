import type { JsonParts } from './json';
import { createSlices } from './slices';

/** UTF-16 units of the texts that are joined: enough for few system calls, and little to write at a time. */
const partLength = 65_536;

/**
 * Joins JSON text in slices.
 * @param pieces written while they are read
 * @param take called with the bytes of each part before the next one is made; ends the work if it throws
 */
export async function writeJson(
  pieces: Iterable<string | Buffer>,
  take: (bytes: number) => void = () => {},
): Promise<JsonParts> {
  const slices = createSlices();
  const parts: (string | Buffer)[] = [];
  let text = '';
  const add = (part: string | Buffer): void => {
    take(Buffer.byteLength(part));
    parts.push(part);
  };
  const addText = (): void => {
    if (text !== '') add(parts.length === 0 && text.length < partLength ? text : Buffer.from(text));
    text = '';
  };
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      text += piece;
      if (text.length >= partLength) addText();
    } else {
      addText();
      add(piece);
    }
    if (slices.isOver()) await slices.next();
  }
  addText();
  return parts;
}

/**
 * The pieces of a JSON array.
 * @param write gives the JSON of an item, or its pieces
 */
export function* listJson<Item, Piece extends string | Buffer>(
  items: Iterable<Item>,
  write: (item: Item) => string | Iterable<Piece>,
): Generator<string | Piece> {
  let separator = '[';
  for (const item of items) {
    const pieces = write(item);
    // A string is iterable, too: by its characters.
    if (typeof pieces === 'string') yield separator + pieces;
    else {
      yield separator;
      yield* pieces;
    }
    separator = ',';
  }
  yield separator === '[' ? '[]' : ']';
}
