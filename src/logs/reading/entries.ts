import { IsOptional } from 'class-validator';
import { parseLogsArguments } from '../filtering/logs-arguments';
import type { EntryList, EntryQuery, EntryReads, Excess, LogOrder } from '../log-entry-repository';
import { adviseRetry, TooManyBytesError, TooManyEntriesError } from '../model/errors';
import { formatInstant } from '../model/instant';
import type { JsonParts } from '../model/json';
import type { EntryColumn } from '../model/log-entry';
import type { ReadContext } from '../model/read-context';
import { listJson, writeJson } from '../model/write-json';
import { IsInteger } from '../validation/numbers';
import { IsText } from '../validation/text';
import { requireValid, validateAll } from '../validation/validate';
import { canRender, columnsToRead, maxCopies, showEntries } from './entry-columns';
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
 * @throws {TooManyBytesError} if the response would have too many bytes
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
  const query = { filter, columns: read, limit };
  let list: EntryList;
  try {
    list = await repository.findEntries(query, context);
    if ('objects' in list) {
      const { objects } = list;
      context.admitResult(objects, read === columns ? 1 : maxCopies(columns));
      if (read !== columns)
        return await writeJson(listJson(showEntries(objects, columns), String), context.take);
      context.take(Buffer.byteLength(objects));
      return ['[', objects, ']'];
    }
  } catch (error) {
    if (!(error instanceof TooManyBytesError)) throw error;
    const retryEndTime = await findRetryEndTime(repository, { ...query, columns }, context);
    throw new TooManyBytesError(context.maxBytes, { retryEndTime, cause: error });
  }
  const retryEndTime = toRetryEndTime(list);
  const advice =
    retryEndTime === null
      ? 'They share one instant: read them in pages, with logsConnection (GraphQL) or limit (REST).'
      : adviseRetry(retryEndTime);
  throw new TooManyEntriesError(`More than ${limit} entries match. ${advice}`, limit, retryEndTime);
}

/** Bytes of an answer besides its entries. */
const envelopeBytes = 1_000;

/** The latest end of the time range with which the entries fit into an answer that holds nothing else. */
async function findRetryEndTime(
  repository: EntryReads,
  query: EntryQuery,
  { mustBeLatest, client, maxBytes }: ReadContext,
): Promise<string | null> {
  if (!canRender(query.columns)) return null;
  const excess = await repository.findExcess(query, maxBytes - envelopeBytes, { mustBeLatest, client });
  return excess ? toRetryEndTime(excess) : null;
}

function toRetryEndTime({ firstTime, excessTime }: Excess): string | null {
  return firstTime < excessTime ? formatInstant(excessTime) : null;
}

/**
 * A page of the entries that {@link readEntries} reads.
 * @param sentPage `limit` and `after`, not validated yet; see PageRules
 * @param columns distinct members of each entry's JSON object
 * @returns the page as a JSON array, and the cursor of the next page, null if there is none
 */
export async function readEntryPage(
  repository: EntryReads,
  args: object,
  { order, ...sentPage }: { readonly order: LogOrder },
  columns: readonly EntryColumn[],
  context: ReadContext,
): Promise<{ readonly parts: JsonParts; readonly next: string | null }> {
  const filter = validateAll(
    () => parseLogsArguments(args),
    () => requireValid(PageRules, sentPage),
  );
  const { limit: first, after } = sentPage as unknown as PageRules;
  const page = openEntryPage(repository, { filter, order, first, after }, columns, context);
  const { hasNextPage, endCursor } = await page.pageInfo();
  return { parts: await page.nodes(columns), next: hasNextPage ? endCursor : null };
}
