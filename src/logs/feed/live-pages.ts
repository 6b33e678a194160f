import { comparePositions, type ErasureNotice, type Position } from '../change-store';
import type { JsonParts } from '../model/json';
import type { EntryColumn } from '../model/log-entry';
import type { FeedPlace } from './cursor';
import { toPart, type LiveBatch } from './live-batch';
import { createEntryMatcher, matchesErasure } from './match-filter';
import type { FeedRequest } from './request';

/** What a subscriber gets of some batches. */
export interface LivePage {
  /** JSON arrays of the entries, by the columns that they show. */
  readonly lists: ReadonlyMap<readonly EntryColumn[], JsonParts>;
  readonly entryCount: number;
  /** They come after the entries. */
  readonly erasures: readonly ErasureNotice[];
  /** Where the page ends. */
  readonly to: Position;
  /** Whether the batches have more. */
  readonly hasMore: boolean;
}

/** Something with entries that are shown as JSON: a batch or an entry. */
interface Shown {
  show(columns: readonly EntryColumn[]): string | Buffer;
}

/** Makes the function that picks what matches from batches of the hub, up to the bounds of a page. */
export function createLivePages(
  { filter, shown }: Pick<FeedRequest, 'filter' | 'shown'>,
  { first, maxBytes }: { readonly first: number; readonly maxBytes: number },
) {
  const matches = createEntryMatcher(filter);
  // Characters of strings, which are bytes mostly.
  const lengthOf = (part: Shown): number =>
    shown.reduce((sum, columns) => sum + part.show(columns).length, 0);

  return (batches: readonly LiveBatch[], { position: after }: FeedPlace): LivePage => {
    const parts: Shown[] = [];
    let entryCount = 0;
    let length = 0;
    let to = after;
    const end = (erasures: readonly ErasureNotice[], hasMore: boolean): LivePage => ({
      lists: new Map(shown.map((columns) => [columns, toList(parts, columns)])),
      entryCount,
      erasures,
      to,
      hasMore,
    });
    /** Adds so many entries, if the page has room. */
    const add = (part: Shown, count: number, isFirst: boolean): boolean => {
      if (entryCount + count > first) return false;
      const partLength = lengthOf(part);
      if (length + partLength > maxBytes && !isFirst) return false;
      parts.push(part);
      entryCount += count;
      length += partLength;
      return true;
    };

    for (const [at, batch] of batches.entries()) {
      const { entries } = batch;
      const matched = entries.filter(
        (entry) => comparePositions(entry.position, after) > 0 && matches(entry),
      );
      const isWhole = matched.length === entries.length;
      if (matched.length > 0 && !(isWhole && add(batch, matched.length, false))) {
        // It fits on a page of its own, whose bytes subscribers share.
        const isHalfFull = 2 * entryCount >= first || 2 * length >= maxBytes;
        if (isWhole && isHalfFull) return end([], true);
        for (const entry of matched) {
          if (!add(entry, 1, entryCount === 0)) return end([], true);
          to = entry.position;
        }
      }
      ({ to } = batch);
      const erasures = batch.erasures.filter((erasure) => matchesErasure(filter, erasure));
      if (erasures.length > 0) return end(erasures, at + 1 < batches.length);
    }
    return end([], false);
  };
}

/** A JSON array. Messages that have all entries of a batch share their bytes. */
function toList(shown: readonly Shown[], columns: readonly EntryColumn[]): JsonParts {
  const parts: (string | Buffer)[] = [];
  let text = '[';
  shown.forEach((each, at) => {
    if (at > 0) text += ',';
    const part = each.show(columns);
    if (typeof part === 'string') text += part;
    else {
      parts.push(toPart(text), part);
      text = '';
    }
  });
  parts.push(toPart(`${text}]`));
  return parts;
}
