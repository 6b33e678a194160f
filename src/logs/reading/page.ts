import { IsOptional } from 'class-validator';
import { limits } from '../model/limits';
import { IsIntegerFrom } from '../validation/numbers';
import { requireValid } from '../validation/validate';

/** Which page of a connection is wanted, as it was sent. */
export interface PageArguments {
  readonly first: number;
  readonly after?: string | null | undefined;
}

class PageRules {
  @IsIntegerFrom(1, limits.maxPageSize)
  readonly first!: number;

  @IsOptional()
  readonly after?: string | null | undefined;
}

/** What shows where a page is; https://relay.dev/graphql/connections.htm#sec-undefined.PageInfo */
export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** @throws {InvalidInputError} */
export function checkPage({ first, after }: PageArguments): void {
  requireValid(PageRules, ['first', 'after'], { first, after });
}
