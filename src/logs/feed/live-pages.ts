import { comparePositions, type ErasureNotice, type Position } from '../change-store';
import type { FeedPlace } from './cursor';
import type { LiveEntry } from './live-entry';
import { createEntryMatcher, matchesErasure } from './match-filter';
import type { Batch } from './recent-batches';
import type { FeedRequest } from './request';

/** What a subscriber gets of some batches. */
interface LivePage {
  readonly entries: readonly LiveEntry[];
  /** They come after the entries. */
  readonly erasures: readonly ErasureNotice[];
  /** Where the page ends. */
  readonly to: Position;
  /** Whether the batches have more. */
  readonly hasMore: boolean;
}

/** Makes the function that picks what matches from batches of the hub, up to the bounds of a page. */
export function createLivePages(
  { filter, shown }: Pick<FeedRequest, 'filter' | 'shown'>,
  { first, maxBytes }: { readonly first: number; readonly maxBytes: number },
) {
  const matches = createEntryMatcher(filter);
  return (batches: readonly Batch[], { position: after }: FeedPlace): LivePage => {
    const entries: LiveEntry[] = [];
    let length = 0;
    let to = after;
    for (const [at, batch] of batches.entries()) {
      for (const entry of batch.entries) {
        if (comparePositions(entry.position, after) <= 0 || !matches(entry)) continue;
        // Characters, which are bytes mostly.
        for (const columns of shown) length += entry.show(columns).length;
        const isFull = entries.length === first || (entries.length > 0 && length > maxBytes);
        if (isFull) return { entries, erasures: [], to, hasMore: true };
        entries.push(entry);
        to = entry.position;
      }
      ({ to } = batch);
      const erasures = batch.erasures.filter((erasure) => matchesErasure(filter, erasure));
      if (erasures.length > 0) return { entries, erasures, to, hasMore: at + 1 < batches.length };
    }
    return { entries, erasures: [], to, hasMore: false };
  };
}
