import { toLogFilter } from '../filtering/log-filter';
import type { LogEntryRepository } from '../log-entry-repository';
import { formatInstant } from '../model/instant';
import type { ReadContext } from '../model/read-context';
import { validateAll } from '../validation/validate';
import { validatePage } from './page';

/** The arguments of `logTypes`, as sent. */
export interface LogTypesArguments {
  readonly filter?: unknown;
  readonly first: number;
}

/** A type, with the count and the times of its entries. */
export interface LogTypeSummary {
  readonly type: string;
  readonly count: number;
  readonly firstTime: string;
  readonly lastTime: string;
}

/**
 * The types of the entries that match a filter, the most frequent first.
 * @throws {InvalidInputError} listing every violation
 */
export async function readLogTypes(
  repository: LogEntryRepository,
  { filter, first }: LogTypesArguments,
  context: ReadContext,
): Promise<LogTypeSummary[]> {
  const logFilter = validateAll(
    () => toLogFilter(filter),
    () => validatePage({ first }),
  );
  const found = await repository.countByType({ filter: logFilter, limit: first }, context);
  return found.map(({ type, count, first: firstTime, last }) => ({
    type,
    count,
    firstTime: formatInstant(firstTime),
    lastTime: formatInstant(last),
  }));
}
