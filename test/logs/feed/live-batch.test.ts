import { describe, expect, it } from '@jest/globals';
import { LiveBatch } from '../../../src/logs/feed/live-batch';
import { liveColumns } from '../../../src/logs/feed/live-entry';
import { createLivePages, type LivePage } from '../../../src/logs/feed/live-pages';
import { toLivePage } from '../../../src/logs/feed/page';
import { RecentBatches } from '../../../src/logs/feed/recent-batches';
import type { LogFilter } from '../../../src/logs/filtering/log-filter';
import type { JsonParts } from '../../../src/logs/model/json';
import { releaseMemory } from '../../../src/logs/model/release-memory';
import { MemoryChanges } from '../support/memory-changes';

const columns = [
  { key: 'id', field: 'id' as const },
  { key: 'properties', field: 'properties' as const },
];
const shown = [columns];
const bounds = { first: 1_000, maxBytes: 262_144 };
const text = 'x'.repeat(1_000);
const erasedAt = 1_700_000_000_000_000n;
const start = { epoch: 'epoch-1', position: { commit: 0, id: 0 } };

/** A batch of what was recorded, whose entries' users are u0, u1, u0 and so on, and the bytes that it reads. */
async function createBatch(count: number) {
  const store = new MemoryChanges();
  for (let at = 0; at < count; at++) store.record({ userId: `u${at % 2}`, properties: { at, text } });
  const query = {
    filter: {},
    columns: liveColumns,
    after: start.position,
    first: 1_000,
    maxBytes: 1_000_000,
  };
  const changes = await store.find(query);
  return { batch: new LiveBatch(start.position, changes), objects: changes.objects };
}

const collect = (batches: readonly LiveBatch[], filter: LogFilter = {}): LivePage =>
  createLivePages({ filter, shown }, bounds)(batches, start);

const entriesOf = (page: LivePage): Promise<JsonParts> =>
  toLivePage(page, 'cursor').entries(columns, { take: () => undefined });

const idsOf = (parts: JsonParts): number[] =>
  (JSON.parse(parts.join('')) as { id: string }[]).map(({ id }) => Number(id));

const bytesOf = (parts: JsonParts): Buffer => parts.find((part) => typeof part !== 'string')!;

describe('a batch', () => {
  it('lends its bytes to each message with all of its entries, and is freed when the last one is sent', async () => {
    const { batch } = await createBatch(50);
    const [one, other] = [
      await entriesOf(collect([batch])),
      await entriesOf(collect([batch], { types: ['T'] })),
    ];
    expect(idsOf(one)).toHaveLength(50);
    const bytes = bytesOf(one);
    expect(bytesOf(other)).toBe(bytes);
    batch.free();
    releaseMemory(one);
    expect(bytes.byteLength).toBeGreaterThan(50_000);
    releaseMemory(other);
    expect(bytes.byteLength).toBe(0);
  });

  it('shows the entries that match, and has the same again when its texts were forgotten', async () => {
    const { batch } = await createBatch(9);
    for (let round = 0; round < 3; round++) {
      expect(idsOf(await entriesOf(collect([batch], { userIds: ['u1'] })))).toEqual([2, 4, 6, 8]);
      expect(idsOf(await entriesOf(collect([batch])))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
      batch.forgetTexts(Infinity);
    }
  });

  it('overwrites entries that are being erased, and shows the others', async () => {
    const { batch, objects } = await createBatch(50);
    const sent = bytesOf(await entriesOf(collect([batch])));
    batch.forget([{ userId: 'u0', sessionId: undefined, erasedAt }]);
    batch.forget([{ userId: 'u1', sessionId: 'another', erasedAt }]);
    expect(objects.includes('"u0"')).toBe(false);
    expect(objects.includes('"u1"')).toBe(true);
    const left = idsOf(await entriesOf(collect([batch])));
    expect(left).toEqual(Array.from({ length: 25 }, (_, at) => 2 * at + 2));
    // It was given to a message, which is not sent yet.
    expect(sent.byteLength).toBeGreaterThan(50_000);
  });

  it('is kept for a second, while there is room', async () => {
    const { batch } = await createBatch(5);
    const recent = new RecentBatches(start.position);
    recent.add(batch);
    expect(recent.after(start.position, true)).toEqual([batch]);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    recent.trim();
    expect(recent.after(start.position, true)).toBeUndefined();
    expect(recent.after(batch.to, true)).toEqual([]);
  });
});
