import type { FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';
import { InvalidInputError, type Violation } from '../logs/model/errors';
import { isObject } from '../logs/model/json';
import { shorten } from '../logs/model/shorten';
import { invalidInput } from './errors';
import { checkQueryString } from './request-parts';

/** Arguments of readEntries and readEntryPage, by name of the REST parameter. */
const argumentNames: ReadonlyMap<string, string> = new Map([
  ['user', 'user'],
  ['type', 'type'],
  ['start_time', 'startTime'],
  ['end_time', 'endTime'],
  ['filter', 'filter'],
  ['order', 'order'],
  ['limit', 'limit'],
  ['after', 'after'],
  ['format', 'format'],
  ['formulas', 'formulas'],
]);

const parameters = [...argumentNames.keys()].join(', ');

/** The fields of LogFilter that say what a parameter says. */
const filterFields = {
  user: 'userIds',
  type: 'types',
  start_time: 'startTime',
  end_time: 'endTime',
} as const;

/** Values of parameters that have few. */
const choices: Readonly<Record<string, readonly string[]>> = { order: ['asc', 'desc'], formulas: ['keep'] };

const ndjson = 'application/x-ndjson';
const csv = 'text/csv';
const exportTypes = new Map<string | undefined, ExportFormat>([
  [ndjson, 'ndjson'],
  [csv, 'csv'],
]);

/** Formats besides JSON. Django REST framework's parameter `format` has other values, which are ignored. */
export type ExportFormat = 'ndjson' | 'csv';

function isExportFormat(value: unknown): value is ExportFormat {
  return value === 'ndjson' || value === 'csv';
}

/** The format in which a client wants entries; undefined: JSON. The parameter wins over the header Accept. */
export function chooseFormat({ headers }: FastifyRequest, sent: unknown): ExportFormat | undefined {
  if (isExportFormat(sent)) return sent;
  const { accept = '' } = headers;
  if (!/ndjson|csv/i.test(accept)) return undefined;
  // Parameters such as charset=utf-8 would have to be those of the types.
  const types = accept.replace(/;(?![ \t]*q=)[^;,]*/gi, '');
  const negotiator = new Negotiator({ headers: { accept: types } });
  return exportTypes.get(negotiator.mediaType(['application/json', ndjson, csv]));
}

/**
 * Reads the filter of a GET request from its query string and its body.
 * @returns arguments of readEntries and readEntryPage, their values not validated yet
 * @throws {InvalidInputError} when a parameter is unknown, not percent-encoded, or given twice with different values
 */
export function toLogsArguments({ query, body, url }: FastifyRequest): Record<string, unknown> {
  checkQueryString(url);
  if (body !== undefined && body !== null && !isObject(body)) {
    throw invalidInput('body', `must be a JSON object with ${parameters}`);
  }
  const args: Record<string, unknown> = {};
  const violations: Violation[] = [];
  const add = (name: string, value: unknown, isQuery: boolean): void => {
    if (name === 'format' && ![value].flat().some(isExportFormat)) return;
    const argument = argumentNames.get(name);
    if (argument === undefined) {
      violations.push({ path: shorten(name), message: `is not a parameter: use ${parameters}` });
    } else if (isQuery && Array.isArray(value)) {
      violations.push({ path: name, message: 'must be given once' });
    } else if (argument in args && args[argument] !== value) {
      violations.push({ path: name, message: 'must be the same in the query string and the body' });
    } else {
      args[argument] = value;
    }
  };
  for (const [name, value] of Object.entries(query as Record<string, string>)) {
    if (name === 'filter' && typeof value === 'string') {
      const filter = parseFilter(value);
      if (filter !== undefined) add(name, filter, true);
      else
        violations.push({ path: name, message: 'must be a LogFilter in JSON, such as {"types":["CLICK"]}' });
    } else {
      add(name, name === 'limit' && /^\d+$/.test(value) ? Number(value) : value, true);
    }
  }
  for (const [name, value] of Object.entries(body ?? {})) add(name, value, false);
  for (const [name, allowed] of Object.entries(choices)) {
    const value = args[name] ?? null;
    if (value === null || allowed.includes(value as string)) continue;
    violations.push({ path: name, message: `must be ${allowed.join(' or ')}` });
  }
  if ((args['filter'] ?? null) !== null) {
    for (const [name, field] of Object.entries(filterFields)) {
      if ((args[argumentNames.get(name)!] ?? null) === null) continue;
      violations.push({ path: name, message: `must not be given with filter: use its field ${field}` });
    }
  }
  if (violations.length > 0) throw new InvalidInputError(violations);
  return args;
}

/** @returns undefined if the text is not JSON */
function parseFilter(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The header `Link` of a page (RFC 8288): the address of the next page, with these arguments. */
export function toNextLink({ routeOptions }: FastifyRequest, args: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, argument] of argumentNames) {
    const value = (args[argument] ?? null) as string | number | null;
    if (value !== null) query.set(name, String(value));
  }
  return `<${routeOptions.url}?${query}>; rel="next"`;
}

/** Rethrows an error about arguments of `logs` with the names of the REST parameters; `filter` has GraphQL's names. */
export function renameArguments(error: unknown): never {
  if (!(error instanceof InvalidInputError)) throw error;
  const rename = (text: string): string => {
    for (const [parameter, argument] of argumentNames) text = text.replace(argument, parameter);
    return text;
  };
  const { violations } = error.details;
  throw new InvalidInputError(
    violations.map((violation) => {
      const { path, message } = violation;
      return /^filter\b/.test(path) ? violation : { path: rename(path), message: rename(message) };
    }),
  );
}
