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

/** Position of a page in its connection; https://relay.dev/graphql/connections.htm#sec-undefined.PageInfo */
export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** Describes a page by its items; `cursorOf` is called for the first and the last one. */
export function toPageInfo<Item>(
  items: readonly Item[],
  cursorOf: (item: Item) => string,
  hasNextPage: boolean,
  hasPreviousPage: boolean,
): PageInfo {
  const cursors = [...items.slice(0, 1), ...items.slice(-1)].map(cursorOf);
  const [startCursor = null, endCursor = null] = cursors;
  return { hasNextPage, hasPreviousPage, startCursor, endCursor };
}

/** Throws an {@link InvalidInputError} when `first` is out of bounds. */
export function validatePage({ first }: PageRules): void {
  requireValid(PageRules, { first });
}
