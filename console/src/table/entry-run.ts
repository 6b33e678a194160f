import type { Entry } from '../api/entry';

/**
 * Entries on a page. The largest entry takes about 37 KB of an answer (32 KiB of properties, then ids and a type of
 * escaped characters), so that no answer exceeds 2 MB.
 */
export const pageSize = 50;
/** Pages kept on each side of the middle of the view. Pages farther away keep their cursors only. */
const keptPages = 10;
/** Rows loaded ahead of the view. */
const aheadRows = 400;
const maxRequests = 3;

/** A page of `logsConnection`. */
export interface EntryPage {
  readonly nodes: readonly Entry[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null };
}

/** Reads the page after a cursor; null: the first page. */
export type ReadPage = (after: string | null) => Promise<EntryPage>;

interface Page {
  readonly after: string | null;
  readonly start: number;
  readonly count: number;
  readonly endCursor: string | null;
  /** Undefined: dropped, to be read again. */
  entries: readonly Entry[] | undefined;
}

/** Entries in one order, read page by page. It holds a few pages around the view, and the cursors of all others. */
export class EntryRun {
  #pages: Page[] = [];
  readonly #reading = new Set<string | null>();
  #view = { from: 0, to: 0 };
  /** Of each time between `open` and `close`, to tell the answers of an earlier one. */
  #session: object | undefined;
  #isComplete = false;
  #error: unknown;

  constructor(
    private readonly read: ReadPage,
    private readonly onChange: () => void,
  ) {}

  /** Entries read so far, those of dropped pages included. */
  get count(): number {
    const last = this.#pages.at(-1);
    return last ? last.start + last.count : 0;
  }

  /** Whether there are no entries after those read so far. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Why reading stopped; undefined while it goes on. */
  get error(): unknown {
    return this.#error;
  }

  /** Pages in memory. */
  get loadedPages(): number {
    return this.#pages.filter(({ entries }) => entries).length;
  }

  /** The entry at an index, if it is in memory. */
  at(index: number): Entry | undefined {
    const page = this.#pages[this.#pageOf(index)];
    return page?.entries?.[index - page.start];
  }

  /** Reads the entries from one index to before another, and some after them; drops pages far from them. */
  show(from: number, to: number): void {
    this.#view = { from, to };
    this.#work();
  }

  /** Goes on after an error. */
  retry(): void {
    this.#error = undefined;
    this.#work();
  }

  /** Ends reading, until `open`. */
  close(): void {
    this.#session = undefined;
    this.#reading.clear();
  }

  open(): void {
    this.#session = {};
    this.#work();
  }

  #work(): void {
    if (!this.#session) return;
    this.#drop();
    if (this.#error !== undefined) return;
    const { from, to } = this.#view;
    const last = Math.min(this.#pageOf(to + pageSize), this.#pages.length - 1);
    for (let at = Math.max(0, this.#pageOf(from - pageSize)); at <= last; at++) {
      const page = this.#pages[at]!;
      if (page.entries === undefined) void this.#readPage(page.after, page);
    }
    if (!this.#isComplete && this.count < to + aheadRows) {
      void this.#readPage(this.#pages.at(-1)?.endCursor ?? null);
    }
  }

  async #readPage(after: string | null, known?: Page): Promise<void> {
    if (this.#reading.has(after) || this.#reading.size >= maxRequests) return;
    this.#reading.add(after);
    const session = this.#session;
    const answer = await this.read(after).catch((error: unknown) => {
      if (session === this.#session) this.#error = error;
    });
    if (session !== this.#session) return;
    this.#reading.delete(after);
    if (answer && known) this.#restore(known, answer);
    else if (answer) this.#append(after, answer);
    this.#work();
    this.onChange();
  }

  #append(after: string | null, { nodes, pageInfo }: EntryPage): void {
    // Pages were forgotten meanwhile: see #restore.
    if (after !== (this.#pages.at(-1)?.endCursor ?? null)) return;
    const endCursor = pageInfo.endCursor ?? null;
    if (nodes.length > 0) {
      this.#pages.push({ after, start: this.count, count: nodes.length, endCursor, entries: nodes });
    }
    this.#isComplete = !pageInfo.hasNextPage;
  }

  /** A page that ends elsewhere than before, since entries were recorded late or erased, forgets the pages after it. */
  #restore(page: Page, { nodes, pageInfo }: EntryPage): void {
    const at = this.#pages.indexOf(page);
    if (at === -1) return;
    const endCursor = pageInfo.endCursor ?? null;
    if (endCursor === page.endCursor && nodes.length === page.count) {
      page.entries = nodes;
      return;
    }
    this.#pages.length = at;
    this.#append(page.after, { nodes, pageInfo });
  }

  #drop(): void {
    const middle = this.#pageOf((this.#view.from + this.#view.to) / 2);
    // The first page stays: new entries would move its end.
    for (let at = 1; at < this.#pages.length; at++) {
      if (Math.abs(at - middle) > keptPages) this.#pages[at]!.entries = undefined;
    }
  }

  /** The index of the page that holds an entry; of the last page for entries after it. */
  #pageOf(index: number): number {
    let low = 0;
    let high = this.#pages.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#pages[middle]!.start <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
