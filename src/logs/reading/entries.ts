import { parseLogsArguments } from '../filtering/logs-arguments';
import type { LogEntryRepository } from '../log-entry-repository';
import { TooManyEntriesError } from '../model/errors';
import { formatInstant } from '../model/instant';
import type { JsonParts } from '../model/json';
import type { EntryColumn, LogEntry } from '../model/log-entry';
import type { ReadContext } from '../model/read-context';
import { columnsToRead, copiesIn, writeEntry } from './entry-columns';

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
  repository: LogEntryRepository,
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
    const bytes = Buffer.byteLength(objects) * (read === columns ? 1 : copiesIn(columns));
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
    : 'They share one instant: ask by user or type';
  const message = `More than ${limit} entries match. ${advice}.`;
  throw new TooManyEntriesError(message, limit, retryEndTime);
}
