import { IsOptional } from 'class-validator';
import { setTimeout as sleep } from 'node:timers/promises';
import { toLogFilter, type LogFilter } from '../filtering/log-filter';
import { parseLogsArguments } from '../filtering/logs-arguments';
import type { EntryKey, EntryReads, LineFormat, Lines, LinesQuery, LogOrder } from '../log-entry-repository';
import { isRefusal, TooManyBytesError } from '../model/errors';
import type { JsonParts } from '../model/json';
import type { ReadContext } from '../model/read-context';
import { IsInteger } from '../validation/numbers';
import { requireValid, validateAll } from '../validation/validate';

/** Entries on a page: at most 6 ms of a SQLite connection, between which other reads take their turns. */
const maxPageEntries = 2_048;
/** The number of entries on the first page doubles from page to page: their size is not known. */
const firstPageEntries = 64;
/** Bytes of a page, about: an export holds two in memory. */
const pageBytes = 500_000;
/** Number of times that a page is read anew because too many expensive reads wait. */
const maxRetries = 5;
/** Milliseconds between two checks whether a request that waits has ended. */
const checkMs = 500;

/** The first line of CSV. */
const csvHead = 'time,type,userId,sessionId,properties\r\n';

class ExportRules {
  @IsOptional() @IsInteger(1, Number.MAX_SAFE_INTEGER) readonly limit?: number | null;
}

/** What to export. */
export interface Export {
  readonly filter: LogFilter;
  readonly order: LogOrder;
  readonly format: LineFormat;
  /** Maximum number of entries. */
  readonly limit: number;
}

/**
 * Validates the arguments of an export.
 * @param args `filter`, the argument of `logsConnection`; without it, `user`, `type`, `startTime`, `endTime`: see
 * LogsArguments
 * @throws {InvalidInputError} listing every violation
 * @throws {FilterTooBroadError}
 */
export function parseExport(
  { filter: sentFilter, ...args }: { readonly filter?: unknown },
  { limit: sent }: { readonly limit?: unknown },
  layout: Pick<Export, 'order' | 'format'>,
): Export {
  const filter = validateAll(
    () => ((sentFilter ?? null) === null ? parseLogsArguments(args) : toLogFilter(sentFilter)),
    () => requireValid(ExportRules, { limit: sent }),
  );
  return { filter, ...layout, limit: (sent as number | null | undefined) ?? Infinity };
}

/**
 * Reads entries that were recorded before the call, in pages. Each page is a read of its own, with its own turn and time
 * limit. An entry that is erased meanwhile is missing, unless its page was read before.
 * @yields the lines of a page, those of the first one once they are read
 */
export async function* exportEntries(
  repository: EntryReads,
  { filter, order, format, limit }: Export,
  context: ReadContext,
): AsyncGenerator<JsonParts> {
  const [head, lineBreak] = format === 'NDJSON' ? ['', '\n'] : [csvHead, '\r\n'];
  const lastId = await repository.findNewestId(context);
  let size = firstPageEntries;
  let left = limit;

  async function read(after?: EntryKey): Promise<Lines & { readonly isLast: boolean }> {
    for (;;) {
      const first = Math.min(size, left);
      const page = await readPage(repository, { filter, order, format, first, after, lastId }, context);
      if (page === undefined) {
        size = Math.max(1, size >> 1);
        continue;
      }
      const { text, count } = page;
      left -= count;
      if (count > 0) size = nextSize(size, text.byteLength / count);
      return { ...page, isLast: count < first || left === 0 };
    }
  }

  const firstPage = await read();
  context.admit(firstPage.text.byteLength);
  for (let page = firstPage, start = head; ; start = '') {
    const { text, count, last, isLast } = page;
    // Read while this page is sent.
    const next = isLast ? undefined : read(last);
    // Its error is thrown below, unless the export ends before.
    next?.catch(() => {});
    const lines = count > 0 ? [text, lineBreak] : [];
    if (start !== '') yield [start, ...lines];
    else if (count > 0) yield lines;
    if (next === undefined) return;
    page = await next;
  }
}

/** Powers of two, so that the statements of pages have few forms, which stay prepared. */
function nextSize(size: number, entryBytes: number): number {
  let next = Math.min(maxPageEntries, size * 2);
  while (next > 1 && next * entryBytes > pageBytes) next >>= 1;
  return next;
}

/** @returns undefined if fewer entries must be read at a time */
async function readPage(
  repository: EntryReads,
  query: LinesQuery,
  context: ReadContext,
): Promise<Lines | undefined> {
  for (let retries = 0; ; retries++) {
    try {
      return await repository.findLines(query, context);
    } catch (error) {
      if (error instanceof TooManyBytesError && query.first > 1) return undefined;
      // The first page has sent nothing yet: its client is told to come back.
      if (!isRefusal(error) || query.after === undefined || retries === maxRetries) throw error;
      await wait(error.details.retryAfterMs, context);
    }
  }
}

async function wait(ms: number, context: ReadContext): Promise<void> {
  const endsAt = performance.now() + ms;
  for (let left = ms; left > 0; left = endsAt - performance.now()) {
    await sleep(Math.min(left, checkMs));
    context.check();
  }
}
