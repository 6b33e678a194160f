import { toLogFilter } from '../filtering/log-filter';
import type { EntryReads } from '../log-entry-repository';
import { formatInstant } from '../model/instant';
import type { ReadContext } from '../model/read-context';
import { validateAll } from '../validation/validate';
import { validatePage } from './page';

/** A type and its entries. */
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
  repository: EntryReads,
  { filter, first }: { readonly filter?: unknown; readonly first: number },
  context: ReadContext,
) {
  const logFilter = validateAll(
    () => toLogFilter(filter),
    () => validatePage({ first }),
  );
  const { types, ...others } = await repository.countByType(logFilter, first, context);
  const summaries = types.map(({ type, count, first: firstTime, last }): LogTypeSummary => ({
    type,
    count,
    firstTime: formatInstant(firstTime),
    lastTime: formatInstant(last),
  }));
  return { types: summaries, ...others };
}
