import { IsOptional } from 'class-validator';
import { parseLogsArguments } from '../filtering/logs-arguments';
import type { EntryReads } from '../log-entry-repository';
import { TooManyEntriesError } from '../model/errors';
import { formatInstant } from '../model/instant';
import type { JsonParts } from '../model/json';
import type { EntryColumn, LogEntry } from '../model/log-entry';
import type { ReadContext } from '../model/read-context';
import { IsInteger } from '../validation/numbers';
import { IsText } from '../validation/text';
import { requireValid, validateAll } from '../validation/validate';
import { columnsToRead, maxCopies, writeEntry } from './entry-columns';
import { openEntryPage } from './entry-page';

class PageRules {
  @IsInteger(1, 10_000) readonly limit!: number;
  @IsOptional() @IsText(1_000) readonly after?: string | null;
}

/**
 * All matching entries, ordered by time, then by order of recording, as a JSON array.
 * @param args `user`, `type`, `startTime`, `endTime`; see LogsArguments
 * @param columns members of each entry's JSON object, in this order
 * @throws {InvalidInputError} listing every violation
 * @throws {TooManyEntriesError} if more than `maxEntries` match
 * @throws {TooManyBytesError} if the response would hold too many bytes of entries
 * @throws {ServiceUnavailableError} if too many large responses are unsent, or the database cannot answer
 */
export async function readEntries(
  repository: EntryReads,
  args: object,
  columns: readonly EntryColumn[],
  context: ReadContext,
): Promise<JsonParts> {
  const filter = parseLogsArguments(args);
  const { maxEntries: limit } = context;
  const read = columnsToRead([columns]);
  const list = await repository.findEntries({ filter, columns: read, limit }, context);
  if ('objects' in list) {
    const { objects } = list;
    const bytes = Buffer.byteLength(objects) * (read === columns ? 1 : maxCopies(columns));
    context.take(bytes);
    context.admit(bytes);
    if (read === columns) return ['[', objects, ']'];
    const entries = JSON.parse(`[${objects.toString()}]`) as Partial<LogEntry>[];
    return [`[${entries.map((entry) => writeEntry(entry, columns)).join(',')}]`];
  }
  const { firstTime, excessTime } = list;
  const retryEndTime = firstTime < excessTime ? formatInstant(excessTime) : null;
  const advice = retryEndTime
    ? `Repeat the query with ${retryEndTime} as the end time, then continue with it as the start time`
    : 'They share one instant: read them in pages, with logsConnection (GraphQL) or limit (REST)';
  const message = `More than ${limit} entries match. ${advice}.`;
  throw new TooManyEntriesError(message, limit, retryEndTime);
}

/**
 * A page of the entries that {@link readEntries} reads.
 * @param sentPage `limit` and `after`; see PageRules
 * @param columns distinct members of each entry's JSON object
 * @returns the page as a JSON array, and the cursor of the next page, null if there is none
 */
export async function readEntryPage(
  repository: EntryReads,
  args: object,
  sentPage: object,
  columns: readonly EntryColumn[],
  context: ReadContext,
): Promise<{ readonly parts: JsonParts; readonly next: string | null }> {
  const filter = validateAll(
    () => parseLogsArguments(args),
    () => requireValid(PageRules, sentPage),
  );
  const { limit: first, after } = sentPage as PageRules;
  const page = openEntryPage(repository, { filter, order: 'TIME_ASC', first, after }, columns, context);
  const { hasNextPage, endCursor } = await page.pageInfo();
  return { parts: await page.nodes(columns), next: hasNextPage ? endCursor : null };
}
