import { toLogsFilter } from '../filtering/logs-arguments';
import type { LogEntryRepository } from '../log-entry-repository';
import { TooManyEntriesError } from '../model/errors';
import { formatInstant } from '../model/instant';
import type { JsonParts } from '../model/json';
import type { EntryColumn } from '../model/log-entry';
import type { ReadContext } from '../model/read-context';

/**
 * Every entry that matches, ordered by time, then by order of recording, as a JSON array.
 * @param args `user`, `type`, `startTime`, `endTime`; see LogsArguments
 * @param columns what each entry shows, in this order
 * @throws {InvalidInputError} listing every violation
 * @throws {TooManyEntriesError} when more than `maxEntries` match
 * @throws {TooManyBytesError} when the response would hold too many bytes of entries
 * @throws {ServiceUnavailableError} when too many large responses are unsent, or the database cannot answer
 */
export async function readEntries(
  repository: LogEntryRepository,
  args: object,
  columns: readonly EntryColumn[],
  context: ReadContext,
): Promise<JsonParts> {
  const filter = toLogsFilter(args);
  const { maxEntries } = context;
  const list = await repository.findEntries({ ...filter, columns, limit: maxEntries, ...context });
  if ('objects' in list) {
    const bytes = Buffer.byteLength(list.objects);
    context.take(bytes);
    context.admit(bytes);
    return ['[', list.objects, ']'];
  }
  const { firstTime, excessTime } = list;
  const retryEndTime = firstTime < excessTime ? formatInstant(excessTime) : null;
  const advice = retryEndTime
    ? `Ask again with ${retryEndTime} as the end, then go on from there`
    : 'They share one instant: ask by user or type';
  const message = `More than ${maxEntries} entries match. ${advice}.`;
  throw new TooManyEntriesError(message, maxEntries, retryEndTime);
}
