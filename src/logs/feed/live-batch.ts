import type { Changes, ErasureNotice, Position } from '../change-store';
import { entrySeparator } from '../log-entry-repository';
import type { EntryColumn } from '../model/log-entry';
import { releaseMemory, shareMemory } from '../model/release-memory';
import { LiveEntry } from './live-entry';

/** Shorter texts stay strings: joining them costs less than a part of their own. */
const minBufferLength = 16_384;

/** JSON text as a part of a message. */
export function toPart(text: string): string | Buffer {
  return text.length < minBufferLength ? text : Buffer.from(text);
}

/**
 * What was committed between two positions. Its bytes are outside of V8's heap, and freed with it. Texts are kept while
 * they are read only: V8 would move them to its old space, and free them late.
 */
export class LiveBatch {
  /** The entries and erasures come after it. */
  readonly from: Position;
  /** The position of the last entry or erasure, or a later one. */
  readonly to: Position;
  /** They come after the entries. */
  readonly erasures: readonly ErasureNotice[];
  readonly #objects: Buffer;
  /** The positions of the entries, and where their JSON ends: objects of their own would outlive their use. */
  readonly #commits: Float64Array;
  readonly #ids: Float64Array;
  readonly #ends: Uint32Array;
  /** Undefined while they are not read. */
  #entries: readonly LiveEntry[] | undefined;
  #lists = new Map<readonly EntryColumn[], string | Buffer>();
  /** Indexes of the entries that are forgotten. */
  readonly #forgotten = new Set<number>();
  #byteLength: number;
  #readAt = 0;

  /** @param page read with `liveColumns`; its `objects` belong to the batch */
  constructor(from: Position, { objects, positions, erasures, end }: Changes) {
    this.from = from;
    this.to = end;
    this.erasures = erasures;
    this.#objects = objects;
    this.#byteLength = objects.byteLength;
    this.#commits = Float64Array.from(positions, ({ commit }) => commit);
    this.#ids = Float64Array.from(positions, ({ id }) => id);
    this.#ends = new Uint32Array(positions.length);
    for (let at = 0, start = 0; at < positions.length; at++) {
      const found = objects.indexOf(entrySeparator, start);
      this.#ends[at] = found < 0 ? objects.length : found;
      start = found + entrySeparator.length;
    }
  }

  get entryCount(): number {
    return this.#ids.length;
  }

  /** Bytes that it has, besides texts that are being read. */
  get byteLength(): number {
    return this.#byteLength;
  }

  get entries(): readonly LiveEntry[] {
    this.#readAt = performance.now();
    return (this.#entries ??= this.#readEntries());
  }

  /** All entries as JSON, with commas between. Subscribers with equal columns share it. */
  show(columns: readonly EntryColumn[]): string | Buffer {
    let list = this.#lists.get(columns);
    if (list === undefined) {
      const text = this.entries.map((entry) => entry.show(columns)).join(',');
      list = toPart(text);
      if (typeof list !== 'string') {
        shareMemory(list);
        this.#byteLength += list.byteLength;
      }
      this.#lists.set(columns, list);
    }
    return list;
  }

  /** Overwrites the entries that are being erased. */
  forget(erasures: readonly ErasureNotice[]): void {
    const sessions = new Map<string, Set<string | undefined>>();
    for (const { userId, sessionId } of erasures) {
      sessions.set(userId, (sessions.get(userId) ?? new Set()).add(sessionId));
    }
    const { size } = this.#forgotten;
    for (const entry of this.entries) {
      const erased = sessions.get(entry.userId);
      if (!erased?.has(undefined) && !erased?.has(entry.sessionId)) continue;
      this.#objects.fill(0, entry.start, entry.end);
      this.#forgotten.add(this.#ends.indexOf(entry.end));
    }
    if (this.#forgotten.size === size) return;
    this.#entries = undefined;
    this.#forgetLists();
  }

  /** Forgets texts that were not read since a time: they are made again when they are read. */
  forgetTexts(time: number): void {
    if (!this.#entries || this.#readAt >= time) return;
    this.#entries = undefined;
    for (const [columns, list] of this.#lists) if (typeof list === 'string') this.#lists.delete(columns);
  }

  /** Frees the bytes. The batch must not be used any more. */
  free(): void {
    this.#entries = undefined;
    this.#forgetLists();
    releaseMemory([this.#objects]);
  }

  #readEntries(): readonly LiveEntry[] {
    const entries: LiveEntry[] = [];
    let start = 0;
    for (const [at, end] of this.#ends.entries()) {
      const position = { commit: this.#commits[at]!, id: this.#ids[at]! };
      if (!this.#forgotten.has(at)) entries.push(new LiveEntry(position, this.#objects, start, end));
      start = end + entrySeparator.length;
    }
    return entries;
  }

  #forgetLists(): void {
    releaseMemory([...this.#lists.values()]);
    this.#lists.clear();
    this.#byteLength = this.#objects.byteLength;
  }
}
