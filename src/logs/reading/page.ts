import { limits } from '../model/limits';
import { IsInteger } from '../validation/numbers';
import { requireValid } from '../validation/validate';

class PageRules {
  @IsInteger(1, limits.maxPageSize) readonly first!: number;
}

/** The arguments of a connection that select a page, as sent. */
export interface PageArguments extends PageRules {
  /** Validated when it is decoded; see {@link createCursors}. */
  readonly after?: string | null | undefined;
}

/**
 * Makes a `PageInfo` (https://relay.dev/graphql/connections.htm#sec-undefined.PageInfo) of the items of a page.
 * @param cursorOf called for the first and the last item
 */
export function toPageInfo<Item>(
  items: readonly Item[],
  cursorOf: (item: Item) => string,
  hasNextPage: boolean,
  hasPreviousPage: boolean,
) {
  const cursors = [...items.slice(0, 1), ...items.slice(-1)].map(cursorOf);
  const [startCursor = null, endCursor = null] = cursors;
  return { hasNextPage, hasPreviousPage, startCursor, endCursor };
}

/** Throws an {@link InvalidInputError} when `first` is out of bounds. */
export function validatePage({ first }: PageRules): void {
  requireValid(PageRules, { first });
}
