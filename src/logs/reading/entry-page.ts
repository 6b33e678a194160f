import { createCursors, instantForm } from './cursor';
import { parseEntry, showEntries, splitEntries, writeEntry } from './entry-columns';
import type { JsonParts } from '../model/json';
import { toLogFilter } from '../filtering/log-filter';
import type { EntryKey, EntryPage, EntryReads, LogOrder, PageQuery } from '../log-entry-repository';
import { memoize } from '../model/memoize';
import { toPageInfo, validatePage, type PageArguments } from './page';
import type { ReadContext } from '../model/read-context';
import { listJson, writeJson } from '../model/write-json';
import { IsInteger } from '../validation/numbers';
import { validateAll, requireValid } from '../validation/validate';
import type { LogEntry, EntryColumn } from '../model/log-entry';

/** A member of an edge's JSON object. */
export type EdgeMember =
  | { readonly key: string; readonly columns: readonly EntryColumn[] }
  | { readonly key: string; readonly isCursor: true }
  | { readonly key: string; readonly constant: string };

class CountRules {
  @IsInteger(1, 1_000_000) readonly upTo!: number;
}

/** The arguments of `logsConnection`, as they were sent. */
export interface LogsConnectionArguments extends PageArguments {
  readonly filter?: unknown;
  readonly order: LogOrder;
}

/** A page of entries. Each part is read when it is first asked for. A failed read is not repeated. */
export type EntryConnection = ReturnType<typeof openLogsConnection>;

/**
 * A page of the entries that pass a filter.
 * @param columns what to read of each entry: {@link columnsToRead} of all lists of the page
 * @throws {InvalidInputError} listing every violation
 * @throws {FilterTooBroadError}
 */
export function openLogsConnection(
  repository: EntryReads,
  { filter: sent, order, first, after }: LogsConnectionArguments,
  columns: readonly EntryColumn[],
  context: ReadContext,
) {
  const filter = validateAll(
    () => toLogFilter(sent),
    () => validatePage({ first }),
  );
  return openEntryPage(repository, { filter, order, first, after }, columns, context);
}

/** See {@link openLogsConnection}; only the cursor is not validated yet. */
export function openEntryPage(
  repository: EntryReads,
  { filter, order, first, after }: PageArguments & Pick<PageQuery, 'filter' | 'order'>,
  columns: readonly EntryColumn[],
  context: ReadContext,
) {
  const cursors = createCursors({ list: 'entries', order, filter }, [instantForm, /^\d{1,16}$/]);
  const afterKey = typeof after === 'string' ? toKey(cursors.decode(after)) : undefined;
  const cursorOf = ({ time, id }: EntryKey): string => cursors.encode([String(time), id]);

  const read = memoize(async () => {
    const query = { filter, order, columns, first, after: afterKey };
    const found = await repository.findPage(query, context);
    context.admitResult(found.objects);
    return found;
  });

  /** The edges of a page as JSON objects, in pieces if they are large. */
  function* writeEdges(
    { objects, keys }: EntryPage,
    members: readonly EdgeMember[],
  ): Generator<string | readonly (string | Buffer)[]> {
    const showsNodes = members.some((member) => 'columns' in member);
    const entries = splitEntries(objects);
    for (const key of keys) {
      const node = showsNodes ? (entries.next().value as string | Buffer) : '';
      let entry: Partial<LogEntry> | undefined;
      const pieces: (string | Buffer)[] = [];
      let text = '{';
      members.forEach((member, at) => {
        text += `${at === 0 ? '' : ','}"${member.key}":`;
        if ('constant' in member) text += JSON.stringify(member.constant);
        else if ('isCursor' in member) text += `"${cursorOf(key)}"`;
        else if (member.columns !== columns) text += writeEntry((entry ??= parseEntry(node)), member.columns);
        else if (typeof node === 'string') text += node;
        else {
          pieces.push(text, node);
          text = '';
        }
      });
      text += '}';
      yield pieces.length === 0 ? text : [...pieces, text];
    }
  }

  const count = memoize(async (upTo: number) => {
    requireValid(CountRules, { upTo });
    const found = await repository.countEntries(filter, upTo + 1, context);
    return { value: Math.min(found, upTo), exact: found <= upTo };
  });

  return {
    /** A JSON array of the entries, which show these columns. */
    async nodes(shown: readonly EntryColumn[]): Promise<JsonParts> {
      const { objects } = await read();
      if (shown !== columns) return writeJson(listJson(showEntries(objects, shown), String), context.take);
      context.take(objects.byteLength);
      return ['[', objects, ']'];
    },

    /** A JSON array of the edges, which have these members. */
    async edges(members: readonly EdgeMember[]): Promise<JsonParts> {
      return writeJson(
        listJson(writeEdges(await read(), members), (edge) => edge),
        context.take,
      );
    },

    async pageInfo() {
      const { keys, hasMore } = await read();
      return toPageInfo(keys, cursorOf, hasMore, afterKey !== undefined);
    },

    /**
     * A count that stops at a bound.
     * @throws {InvalidInputError}
     */
    totalCount: ({ upTo }: { readonly upTo: number }) => count(upTo),
  };
}

function toKey([time, id]: readonly string[]): EntryKey {
  return { time: BigInt(time!), id: id! };
}
