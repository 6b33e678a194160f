import { TooManyEntriesError } from '../model/errors';
import { toLogFilter } from '../filtering/log-filter';
import type { EntryReads } from '../log-entry-repository';
import type { ReadContext } from '../model/read-context';
import { IsInteger } from '../validation/numbers';
import { IsKey } from '../validation/text';
import { requireValid, validateAll } from '../validation/validate';

const maxCells = 10_000;

class ClickMapRules {
  @IsKey() readonly x!: string;
  @IsKey() readonly y!: string;
  @IsInteger(1, 1_000_000) readonly cell!: number;
}

/** The arguments of `clickMap`, as sent. */
export interface ClickMapArguments extends ClickMapRules {
  readonly filter?: unknown;
}

/**
 * Counts entries in each cell of a grid over two numeric properties.
 * @throws {InvalidInputError}
 * @throws {TooManyEntriesError} when there are more than 10,000 cells
 */
export async function readClickMap(
  repository: EntryReads,
  { filter, x, y, cell }: ClickMapArguments,
  context: ReadContext,
) {
  const logFilter = validateAll(
    () => toLogFilter(filter),
    () => requireValid(ClickMapRules, { x, y, cell }),
  );
  const query = { filter: logFilter, x, y, cell, limit: maxCells + 1 };
  const { cells, outsideCount } = await repository.countByCell(query, context);
  if (cells.length > maxCells) {
    const message = `More than ${maxCells} cells have entries. Use a larger cell, or a narrower filter.`;
    throw new TooManyEntriesError(message, maxCells);
  }
  return { cell, maxCount: Math.max(0, ...cells.map(({ count }) => count)), cells, outsideCount };
}
