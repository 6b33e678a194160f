import type { FastifyInstance, FastifyRequest } from 'fastify';
import { InvalidInputError, type Violation } from '../logs/model/errors';
import { isObject } from '../logs/model/json';
import { readEntries } from '../logs/reading/entries';
import type { Services } from '../logs/services';
import { explainText } from '../logs/validation/text';
import { maxKeyLength } from '../logs/recording/session-input';
import { shorten } from '../logs/model/shorten';
import { invalidInput } from './errors';
import { createRequestContext, type ReadLimits } from './request-context';
import type { SendParts } from './sending/send-parts';

/** What an entry shows here: what the original's entries had. */
const entryColumns = (['time', 'type', 'properties', 'userId', 'sessionId'] as const).map(
  (field) => ({ key: field, field }),
);

/** The names of the original's filters, and those of `logs`. */
const argumentNames = {
  user: 'user',
  type: 'type',
  start_time: 'startTime',
  end_time: 'endTime',
} as const;
type ParameterName = keyof typeof argumentNames;

/** The one endpoint of the Django app that Log Manager began as. */
export function addLogsRoutes(
  app: FastifyInstance,
  { recorder, repository }: Services,
  limits: ReadLimits,
  sendParts: SendParts,
): void {
  // The original's Python client sends its filters as the body of a GET.
  app.addHttpMethod('GET', { hasBody: true, overrideExisting: true });
  for (const url of ['/logs', '/logs/']) {
    app.post(url, async (request, reply) => {
      const { entries } = await recorder.recordSession(toSession(request));
      const shown = entries().map(({ time, type, properties, userId, sessionId }) => ({
        time,
        type,
        properties,
        userId,
        sessionId,
      }));
      return reply.code(201).type('application/json; charset=utf-8').send(JSON.stringify(shown));
    });

    app.get(url, async (request, reply) => {
      const context = createRequestContext(request, reply, limits);
      const parts = await readEntries(
        repository,
        toArguments(request),
        entryColumns,
        context,
      ).catch(rename);
      return sendParts(reply.header('content-type', 'application/json; charset=utf-8'), parts);
    });
  }
}

/**
 * A session as `recordSession` takes it, with its key from the header Idempotency-Key
 * (https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header), where quotes around it are optional.
 * @throws {InvalidInputError} when that is no key
 */
function toSession({ body, raw }: FastifyRequest): unknown {
  const [header, ...others] = raw.headersDistinct['idempotency-key'] ?? [];
  if (header === undefined || !isObject(body)) return body;
  const [, quoted] = /^"((?:[^"\\]|\\["\\])*)"$/.exec(header) ?? [];
  const idempotencyKey = quoted?.replace(/\\(.)/g, '$1') ?? header;
  const isTwice = others.length > 0 || (body['idempotencyKey'] ?? null) !== null;
  const problem = isTwice ? 'must be given once' : explainText(idempotencyKey, maxKeyLength);
  if (problem) throw invalidInput('Idempotency-Key', problem);
  return { ...body, idempotencyKey };
}

/** The filters of a GET, from the query string and from the body. */
function toArguments({ query, body }: FastifyRequest): Record<string, unknown> {
  if (body !== undefined && body !== null && !isObject(body)) {
    throw invalidInput('body', 'must be a JSON object with user, type, start_time and end_time');
  }
  const args: Record<string, unknown> = {};
  const violations: Violation[] = [];
  const add = (name: string, value: unknown, isQuery: boolean): void => {
    const argument = argumentNames[name as ParameterName] as string | undefined;
    if (!Object.hasOwn(argumentNames, name)) {
      if (name === 'format') return;
      violations.push({
        path: shorten(name),
        message: 'is not a filter: use user, type, start_time, end_time',
      });
    } else if (isQuery && Array.isArray(value)) {
      violations.push({ path: name, message: 'must be given once' });
    } else if (argument! in args && args[argument!] !== value) {
      violations.push({ path: name, message: 'must be the same in the query string and the body' });
    } else {
      args[argument!] = value;
    }
  };
  for (const [name, value] of Object.entries(query as object)) add(name, value, true);
  for (const [name, value] of Object.entries(body ?? {})) add(name, value, false);
  if (violations.length > 0) throw new InvalidInputError(violations);
  return args;
}

/** Gives violations the names that the client used. */
function rename(error: unknown): never {
  if (!(error instanceof InvalidInputError)) throw error;
  const original = (text: string): string =>
    text.replace('startTime', 'start_time').replace('endTime', 'end_time');
  throw new InvalidInputError(
    error.details.violations.map(({ path, message }) => ({
      path: original(path),
      message: original(message),
    })),
  );
}
