import { isArray } from 'class-validator';
import { TooManyBytesError } from '../model/errors';
import { isObject } from '../model/json';
import { limits } from '../model/limits';
import type { EntryColumn, EntryField } from '../model/log-entry';
import { createSlices } from '../model/slices';

/** A session that is not validated yet, and the columns of each list that shows its entries. */
export interface EntryLists {
  readonly session: unknown;
  readonly columns: readonly (readonly EntryColumn[])[];
}

/** Bytes of JSON of an id or a time of an entry. */
const maxShortBytes = 32;
/** Bytes of JSON of any field of a valid entry. A character takes at most 12, such as \ud83d\ude00. */
const maxFieldBytes =
  Math.max(limits.maxPropertiesBytes, 12 * limits.maxIdLength, 12 * limits.maxTypeLength) + 2;

/**
 * Refuses sessions whose entries would be too large an answer, before any of them is stored.
 * @throws {TooManyBytesError}
 */
export async function requireFit(lists: readonly EntryLists[], maxBytes: number): Promise<void> {
  if ((await maxBytesOf(lists, maxBytes)) > maxBytes) throw new TooManyBytesError(maxBytes);
}

/**
 * The bytes of the entries of sessions as JSON, at most.
 * @param enough the search ends above so many bytes
 */
async function maxBytesOf(lists: readonly EntryLists[], enough: number): Promise<number> {
  const bounds = lists.map(({ session, columns }) => actionsOf(session).length * sum(columns.map(boundOf)));
  // Most sessions are so small that their parts need not be measured.
  if (sum(bounds) <= enough) return sum(bounds);
  const slices = createSlices();
  let bytes = 0;
  for (const { session, columns } of lists) {
    const { userId, sessionId } = isObject(session) ? session : {};
    const ids = { userId: bytesOf(userId), sessionId: bytesOf(sessionId) };
    for (const action of actionsOf(session)) {
      const { type, properties } = isObject(action) ? action : {};
      const sizes = { ...ids, type: bytesOf(type), properties: bytesOf(properties ?? {}) };
      bytes += sum(columns.map((list) => bytesOfEntry(list, (column) => bytesOfMember(column, sizes))));
      if (bytes > enough) return bytes;
      if (slices.isOver()) await slices.next();
    }
  }
  return bytes;
}

/** Empty for too many actions: the validation of the session refuses them, and says why. */
function actionsOf(session: unknown): readonly unknown[] {
  const actions = isObject(session) ? session['actions'] : undefined;
  return isArray<unknown>(actions) && actions.length <= limits.maxActionsPerSession ? actions : [];
}

/** The bytes of an entry with these columns, at most. */
function boundOf(columns: readonly EntryColumn[]): number {
  return bytesOfEntry(columns, (column) => bytesOfMember(column, {}, maxFieldBytes));
}

/** The bytes of an entry in a list: its members, braces, and a separator. */
function bytesOfEntry(
  columns: readonly EntryColumn[],
  bytesOfColumn: (column: EntryColumn) => number,
): number {
  return sum(columns.map(bytesOfColumn)) + '{},'.length;
}

/** The bytes of a member of an entry, with its comma. */
function bytesOfMember(
  column: EntryColumn,
  sizes: Partial<Record<EntryField, number>>,
  otherwise = maxShortBytes,
): number {
  const value = 'field' in column ? (sizes[column.field] ?? otherwise) : column.constant.length + 2;
  return column.key.length + 4 + value;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
