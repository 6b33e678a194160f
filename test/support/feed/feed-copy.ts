/** An entry with all its fields. */
export interface FeedEntry {
  readonly id: string;
  readonly time: string;
  readonly type: string;
  readonly properties: object;
  readonly userId: string;
  readonly sessionId: string;
  readonly receivedAt: string;
}

export interface FeedPage {
  readonly entries: readonly FeedEntry[];
  readonly erasures: readonly { readonly userId: string; readonly sessionId: string | null }[];
  readonly cursor: string;
}

export interface FeedFilter {
  readonly userIds?: readonly string[];
  readonly types?: readonly string[];
}

export function matches({ userIds, types }: FeedFilter, entry: FeedEntry): boolean {
  return (userIds?.includes(entry.userId) ?? true) && (types?.includes(entry.type) ?? true);
}

/** What a consumer of the feed keeps: the entries, without those that were erased, and the order in which they came. */
export class FeedCopy {
  /** The ids of all entries that came, also those erased since. */
  readonly order: string[] = [];
  readonly entries = new Map<string, FeedEntry>();
  readonly faults: string[] = [];
  cursor: string | undefined;
  erasureCount = 0;
  private readonly seen = new Set<string>();

  constructor(
    readonly name: string,
    readonly filter: FeedFilter = {},
  ) {}

  apply({ entries, erasures, cursor }: FeedPage): void {
    for (const entry of entries) {
      if (this.seen.has(entry.id)) this.faults.push(`${this.name}: entry ${entry.id} came twice`);
      if (!matches(this.filter, entry)) this.faults.push(`${this.name}: entry ${entry.id} does not match`);
      this.seen.add(entry.id);
      this.order.push(entry.id);
      this.entries.set(entry.id, entry);
    }
    for (const { userId, sessionId } of erasures) {
      this.erasureCount++;
      for (const [id, entry] of this.entries) {
        const isErased = entry.userId === userId && (sessionId === null || entry.sessionId === sessionId);
        if (isErased) this.entries.delete(id);
      }
    }
    this.cursor = cursor;
  }

  /**
   * What differs between this copy and the entries of the store, which are in the order of the feed; and what is ordered
   * otherwise than in another copy.
   */
  differences(stored: readonly FeedEntry[], other: FeedCopy): string[] {
    const expected = stored.filter((entry) => matches(this.filter, entry));
    const ids = new Set(expected.map(({ id }) => id));
    const found = [...this.faults];
    const report = (what: string, wrong: readonly string[]): void => {
      if (wrong.length > 0) found.push(`${this.name}: ${wrong.length} ${what}: ${wrong.slice(0, 5).join()}`);
    };
    report(
      'entries missing',
      expected.filter(({ id }) => !this.entries.has(id)).map(({ id }) => id),
    );
    report(
      'entries that the store does not have',
      [...this.entries.keys()].filter((id) => !ids.has(id)),
    );
    report(
      'entries that differ',
      expected
        .filter((entry) => {
          const own = this.entries.get(entry.id);
          return own && JSON.stringify(own) !== JSON.stringify(entry);
        })
        .map(({ id }) => id),
    );
    const order = this.order.filter((id) => ids.has(id));
    report(
      'entries in another order than in the store',
      order.filter((id, at) => id !== expected[at]?.id),
    );
    const ranks = new Map(other.order.map((id, at) => [id, at]));
    const common = this.order.filter((id) => ranks.has(id));
    report(
      `entries in another order than ${other.name} got them`,
      common.filter((id, at) => at > 0 && ranks.get(id)! < ranks.get(common[at - 1]!)!),
    );
    return found;
  }
}
