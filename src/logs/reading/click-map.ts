import { TooManyEntriesError } from '../model/errors';
import { toLogFilter } from '../filtering/log-filter';
import type { ClickCell, LogEntryRepository } from '../log-entry-repository';
import type { ReadContext } from '../model/read-context';
import { IsIntegerFrom } from '../validation/numbers';
import { rule } from '../validation/rule';
import { explainCharacters } from '../validation/text';
import { checkAll, requireValid } from '../validation/validate';

const maxCells = 10_000;

/** The arguments of `clickMap`, as they were sent. */
export interface ClickMapArguments {
  readonly filter?: unknown;
  readonly x: string;
  readonly y: string;
  readonly cell: number;
}

/** A key of `properties`. */
function IsKey(): PropertyDecorator {
  return rule('isKey', (value) =>
    typeof value === 'string' ? explainCharacters(value) : 'must be a string',
  );
}

class ClickMapRules {
  @IsKey()
  readonly x!: string;

  @IsKey()
  readonly y!: string;

  @IsIntegerFrom(1, 1_000_000)
  readonly cell!: number;
}

export interface ClickMap {
  readonly cell: number;
  readonly maxCount: number;
  readonly cells: readonly ClickCell[];
}

/**
 * Counts entries by the cell of a grid that two of their properties fall in.
 * @throws {InvalidInputError}
 * @throws {TooManyEntriesError} when there are more than 10,000 cells
 */
export async function readClickMap(
  repository: LogEntryRepository,
  { filter, x, y, cell }: ClickMapArguments,
  context: ReadContext,
): Promise<ClickMap> {
  const [wanted] = checkAll(
    () => toLogFilter(filter),
    () => requireValid(ClickMapRules, ['x', 'y', 'cell'], { x, y, cell }),
  );
  const cells = await repository.countByCell({
    filter: wanted,
    x,
    y,
    cell,
    limit: maxCells + 1,
    ...context,
  });
  if (cells.length > maxCells) {
    const message = `More than ${maxCells} cells have clicks. Ask with a larger cell, or for less.`;
    throw new TooManyEntriesError(message, maxCells);
  }
  return { cell, maxCount: cells.reduce((most, { count }) => Math.max(most, count), 0), cells };
}
