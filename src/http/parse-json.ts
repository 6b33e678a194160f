import { limits } from '../logs/model/limits';
import { createSlices } from '../logs/model/slices';
import { shorten } from '../logs/model/shorten';
import { HttpError, invalidInput } from './errors';

/** Bytes that `JSON.parse` gets at once: 4 MB of the worst JSON would take it a second. */
const chunkBytes = 65_536;
/** Maximum keys of an object: each takes a byte of properties, or more. */
const maxKeys = limits.maxPropertiesBytes;
/** Maximum levels of a large text: 4 MB of open brackets would take 1.3 GB. Valid requests have less than 100. */
const maxLevels = 1_000;

/** An array or an object that is open at the current byte. */
interface Level {
  readonly open: number;
  /** Its name in a violation, such as `.actions` or `[3]`; known when it has a value. */
  name?: string;
  /** The first byte that is not parsed yet. */
  start: number;
  /** The last comma between its own items; before `start` if there is none. */
  comma: number;
  /** Made when its text is longer than a chunk: then its items are parsed in parts. */
  value?: unknown[] | Record<string, unknown>;
  count: number;
  /** Whether `start` is behind an item that was parsed in parts. */
  isAfterItem: boolean;
}

const [quote, backslash, comma, openArray, closeArray, openObject, closeObject] = Buffer.from('"\\,[]{}');
const isBlank = (text: string): boolean => /^[\t\n\r ]*$/.test(text);

/**
 * Parses JSON as `JSON.parse` does; a large text in slices.
 * @param json valid UTF-8
 * @throws {SyntaxError}
 * @throws {InvalidInputError} when an object of a large text has too many keys
 * @throws {HttpError} when a large text has too many levels
 */
export async function parseLargeJson(json: Buffer, name: string, maxChunk = chunkBytes): Promise<unknown> {
  const slices = createSlices();
  const levels: Level[] = [];
  /** Index of the innermost level that has a value. */
  let base = -1;

  const textOf = (start: number, end: number): string => json.toString('utf8', start, end);

  function fail(at: number): never {
    throw new SyntaxError(`Unexpected token in JSON at position ${textOf(0, at).length}`);
  }

  function parse(start: number, end: number, before: string, after: string): unknown {
    try {
      return JSON.parse(before + textOf(start, end) + after);
    } catch (error) {
      const [, position = '1'] = /at position (\d+)/.exec((error as Error).message) ?? [];
      const text = textOf(0, start);
      const at = text.length + Number(position) - 1;
      throw new SyntaxError(`Unexpected token in JSON at position ${at}`, { cause: error });
    }
  }

  function add({ value, ...level }: Level, members: object): number {
    const keys = Object.keys(members);
    if (keys.length === 0) fail(level.start);
    if (Array.isArray(value)) {
      for (const key of keys) value.push(members[key as keyof object]);
      return keys.length;
    }
    if (level.count + keys.length > maxKeys) throw tooManyKeys(levels.slice(0, base + 1));
    for (const key of keys) {
      const member: unknown = members[key as keyof object];
      // `value['__proto__'] = …` would set the prototype.
      if (key !== '__proto__') value![key] = member;
      else
        Object.defineProperty(value, key, {
          value: member,
          writable: true,
          enumerable: true,
          configurable: true,
        });
    }
    return keys.length;
  }

  /** Parses items of a level that has a value, up to a comma or to its end. */
  function parseItems(level: Level, end: number): void {
    const [before, after] = Array.isArray(level.value) ? '[]' : '{}';
    level.count += add(level, parse(level.start, end, before!, after!) as object);
    level.start = end + 1;
  }

  /** Makes the value of the next level, an item of the level above. */
  function open(level: Level): void {
    const parent = levels[base++];
    level.value = json[level.open] === openArray ? [] : {};
    if (!parent) {
      if (!isBlank(textOf(0, level.open))) fail(0);
      return;
    }
    if (parent.isAfterItem) fail(level.open);
    if (Array.isArray(parent.value)) {
      if (!isBlank(textOf(parent.start, level.open))) fail(parent.start);
      level.name = `[${parent.count}]`;
      parent.count += add(parent, [level.value]);
      return;
    }
    const member = parse(parent.start, level.open, '{', '[]}') as object;
    const [key, another] = Object.keys(member);
    if (key === undefined || another !== undefined) fail(parent.start);
    level.name = `.${shorten(key)}`;
    const child = Object.defineProperty({}, key, { value: level.value, enumerable: true });
    parent.count += add(parent, child);
  }

  /** Parses what is complete, until less than a chunk is left. */
  function parseBefore(at: number): void {
    for (;;) {
      const level = levels[base];
      if (level && level.comma >= level.start) parseItems(level, level.comma);
      if (at - (level?.start ?? levels[0]!.open) <= maxChunk || base === levels.length - 1) return;
      open(levels[base + 1]!);
    }
  }

  /** Ends the innermost level. @returns whether that was the whole text */
  function close(at: number): boolean {
    const level = levels.pop();
    if (!level) fail(at);
    if (levels.length > base) return levels.length === 0;
    if (json[at] !== (Array.isArray(level.value) ? closeArray : closeObject)) fail(at);
    const isRestBlank = isBlank(textOf(level.start, at));
    if (level.isAfterItem ? !isRestBlank : !(isRestBlank && level.count === 0)) {
      if (level.isAfterItem) fail(at);
      parseItems(level, at);
    }
    const parent = levels[--base];
    if (!parent) return true;
    parent.start = at + 1;
    parent.isAfterItem = true;
    return false;
  }

  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === quote) {
      for (at++; at < json.length && json[at] !== quote; at++) if (json[at] === backslash) at++;
    } else if (byte === openArray || byte === openObject) {
      if (levels.length === maxLevels && json.length > maxChunk) {
        throw new HttpError('BAD_USER_INPUT', `The ${name} has more than ${maxLevels} nested levels.`);
      }
      levels.push({ open: at, start: at + 1, comma: -1, count: 0, isAfterItem: false });
    } else if (byte === closeArray || byte === closeObject) {
      const root = levels[0];
      if (close(at)) {
        if (root!.value === undefined) return JSON.parse(textOf(0, json.length));
        if (!isBlank(textOf(at + 1, json.length))) fail(at + 1);
        return root!.value;
      }
    } else if (byte === comma && levels.length > 0) {
      const level = levels.at(-1)!;
      if (level.isAfterItem) {
        if (!isBlank(textOf(level.start, at))) fail(level.start);
        level.start = at + 1;
        level.isAfterItem = false;
      } else level.comma = at;
    }
    if (levels.length > 0 && at - (levels[base]?.start ?? levels[0]!.open) > maxChunk) {
      parseBefore(at);
      if (slices.isOver()) await slices.next();
    }
  }
  // Not an array or an object, or not complete.
  if (base < 0) return JSON.parse(textOf(0, json.length));
  return fail(json.length);
}

/** @param levels the object and those around it */
function tooManyKeys(levels: readonly Level[]): Error {
  const path = levels.map(({ name = '' }) => name).join('');
  // A variable is named without `variables`.
  const shown = path.replace(/^\.(variables\.(?=.))?/, '') || 'body';
  return invalidInput(shown, `must have at most ${maxKeys} keys`);
}
