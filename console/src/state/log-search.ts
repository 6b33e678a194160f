import type { LogFilter, PropertyFilter } from '../gql/graphql';

/** Presets of a range that ends now, and their milliseconds. */
export const presets = {
  '15m': 15 * 60_000,
  '1h': 3_600_000,
  '6h': 6 * 3_600_000,
  '24h': 24 * 3_600_000,
  '7d': 7 * 86_400_000,
  '30d': 30 * 86_400_000,
  all: Infinity,
} as const;

export type Preset = keyof typeof presets;

/** A preset, or instants in RFC 3339; the end is exclusive, and an absent one is open. */
export type Range =
  | { readonly preset: Preset }
  | { readonly startTime: string | undefined; readonly endTime: string | undefined };

/** What a page looks for: the query string holds all of it, so that an address can be sent to a colleague. */
export interface LogSearch {
  readonly userId: string | undefined;
  readonly sessionId: string | undefined;
  readonly types: readonly string[];
  readonly range: Range;
  readonly properties: readonly PropertyFilter[];
}

/** Reads a search from a query string; what it does not hold, or holds wrongly, has its default. */
export function parseSearch(search: URLSearchParams): LogSearch {
  return {
    userId: search.get('user') || undefined,
    sessionId: search.get('session') || undefined,
    types: search.getAll('type').filter(Boolean),
    range: parseRange(search),
    properties: search.getAll('property').flatMap(parseProperty),
  };
}

/** Writes a search into a query string, and keeps the parameters that are not its own. */
export function writeSearch(query: LogSearch, into: URLSearchParams): URLSearchParams {
  const search = new URLSearchParams(into);
  for (const name of ['user', 'session', 'type', 'range', 'from', 'to', 'property']) search.delete(name);
  if (query.userId) search.set('user', query.userId);
  if (query.sessionId) search.set('session', query.sessionId);
  for (const type of query.types) search.append('type', type);
  if ('preset' in query.range) {
    if (query.range.preset !== '24h') search.set('range', query.range.preset);
  } else {
    if (query.range.startTime) search.set('from', query.range.startTime);
    if (query.range.endTime) search.set('to', query.range.endTime);
  }
  for (const property of query.properties) search.append('property', JSON.stringify(property));
  return search;
}

/** @param now milliseconds since 1970, the end of presets; keep it for all queries of one view */
export function toLogFilter(query: LogSearch, now: number): LogFilter {
  return {
    ...(query.userId && { userIds: [query.userId] }),
    ...(query.sessionId && { sessionIds: [query.sessionId] }),
    ...(query.types.length > 0 && { types: [...query.types] }),
    ...timesOf(query.range, now),
    ...(query.properties.length > 0 && { properties: [...query.properties] }),
  };
}

/** The times of a range as fields of a filter. @param now milliseconds since 1970, the end of presets */
export function timesOf(range: Range, now: number): { startTime?: string; endTime?: string } {
  if ('preset' in range) {
    const ms = presets[range.preset];
    return ms === Infinity ? {} : { startTime: new Date(now - ms).toISOString() };
  }
  return {
    ...(range.startTime && { startTime: range.startTime }),
    ...(range.endTime && { endTime: range.endTime }),
  };
}

/** A parameter of an address. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
}

/** The parameters of a search that cannot be read; the search is without them. */
export function unreadableOf(search: URLSearchParams): Parameter[] {
  const isReadable: Readonly<Record<string, (value: string) => boolean>> = {
    range: (value) => Object.hasOwn(presets, value),
    from: (value) => parseTime(value) !== undefined,
    to: (value) => parseTime(value) !== undefined,
    property: (value) => parseProperty(value).length > 0,
  };
  return Object.entries(isReadable).flatMap(([name, isRead]) =>
    search
      .getAll(name)
      .filter((value) => value !== '' && !isRead(value))
      .map((value) => ({ name, value })),
  );
}

function parseRange(search: URLSearchParams): Range {
  const [startTime, endTime] = ['from', 'to'].map((name) => parseTime(search.get(name) ?? ''));
  if (startTime || endTime) return { startTime, endTime };
  const preset = search.get('range');
  return { preset: preset && Object.hasOwn(presets, preset) ? (preset as Preset) : '24h' };
}

function parseTime(text: string): string | undefined {
  // A plus sign that was not escaped is read as a space.
  const time = text.replace(' ', '+');
  return dateTime.test(time) && !Number.isNaN(Date.parse(time)) ? time : undefined;
}

const dateTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2}))?$/i;

function parseProperty(text: string): PropertyFilter[] {
  try {
    const { path, is } = JSON.parse(text) as PropertyFilter;
    const isPath = Array.isArray(path) && path.length > 0 && path.every((key) => typeof key === 'string');
    return isPath && isPredicate(is) ? [{ path, is }] : [];
  } catch {
    return [];
  }
}

/** Whether a value is a PropertyPredicate: one field, with a value of its type. */
function isPredicate(is: unknown): boolean {
  const [field, ...others] = Object.entries((is ?? {}) as Record<string, unknown>);
  if (!field || others.length > 0) return false;
  const [name, value] = field;
  if (name === 'equals') return isScalar(value);
  if (name === 'in') return Array.isArray(value) && value.length > 0 && value.every(isScalar);
  if (name === 'exists' || name === 'isNull') return typeof value === 'boolean';
  return ['gt', 'gte', 'lt', 'lte'].includes(name) && Number.isFinite(value);
}

function isScalar(value: unknown): boolean {
  return Number.isFinite(value) || ['string', 'boolean'].includes(typeof value);
}

/** Whether the server refuses a filter with FILTER_TOO_BROAD: conditions on properties need another field beside them. */
export function isTooBroad(filter: LogFilter): boolean {
  return filter.properties !== undefined && Object.keys(filter).length === 1;
}
