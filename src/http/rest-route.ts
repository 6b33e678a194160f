import type { FastifyInstance } from 'fastify';
import { readsOf } from '../logs/access/own-entries';
import { requireScopes, scopeBits } from '../logs/access/principal';
import { listJson, writeJson } from '../logs/model/write-json';
import { readEntries, readEntryPage } from '../logs/reading/entries';
import { writeEntry } from '../logs/reading/entry-columns';
import { requireFit } from '../logs/recording/answer-size';
import { withHeaderKey } from '../logs/recording/idempotency-key';
import type { Services } from '../logs/services';
import { invalidInput } from './errors';
import { createRequestContext, readIdempotencyKey, type ReadLimits } from './request-parts';
import { chooseFormat, renameArguments, toLogsArguments, toNextLink } from './rest-arguments';
import type { SendExport } from './rest-export';
import type { SendParts } from './sending/send-parts';

const contentType = 'application/json; charset=utf-8';

/** Fields of an entry, as in the former Django app. */
const entryColumns = (['time', 'type', 'properties', 'userId', 'sessionId'] as const).map((field) => ({
  key: field,
  field,
}));

/** Adds the REST endpoint /logs/, which is compatible with the former Django app. */
export function addLogsRoutes(
  app: FastifyInstance,
  services: Services,
  limits: ReadLimits,
  sendParts: SendParts,
  sendExport: SendExport,
): void {
  // The Python client of the former app sends its filter as the body of a GET request.
  app.addHttpMethod('GET', { hasBody: true, overrideExisting: true });
  app.decorateRequest('isExport', false);
  for (const url of ['/logs', '/logs/']) {
    app.post(url, async (request, reply) => {
      const { principal } = request;
      requireScopes(principal, scopeBits.record);
      const session = withHeaderKey(request.body, readIdempotencyKey(request));
      const isShown = (principal.scopes & scopeBits.read) !== 0;
      if (isShown) await requireFit([{ session, columns: [entryColumns] }], limits.maxBytes);
      const { recordedCount, entries, replayed } = await services.recorder.recordSession(session, principal);
      reply.code(201).header('content-type', contentType).header('recorded-count', recordedCount);
      const stored = isShown ? await entries() : [];
      if (replayed) reply.header('idempotent-replayed', 'true');
      const parts = await writeJson(listJson(stored, (entry) => writeEntry(entry, entryColumns)));
      return sendParts(reply, parts);
    });

    app.get(url, async (request, reply) => {
      requireScopes(request.principal, scopeBits.read);
      const { limit, after, order, format: sentFormat, formulas, filter, ...args } = toLogsArguments(request);
      const isDescending = order === 'desc';
      const direction = isDescending ? 'TIME_DESC' : 'TIME_ASC';
      const format = chooseFormat(request, sentFormat);
      const keepsFormulas = (formulas ?? null) !== null;
      if (keepsFormulas && format !== 'csv') throw invalidInput('formulas', 'is for format=csv only');
      if (format !== undefined) {
        if ((after ?? null) !== null) throw invalidInput('after', 'is for pages of JSON only: leave it out');
        const lines = format === 'ndjson' ? 'NDJSON' : keepsFormulas ? 'CSV_WITH_FORMULAS' : 'CSV';
        return sendExport(request, reply, {
          args: { ...args, filter },
          limit,
          order: direction,
          format: lines,
        });
      }
      if ((filter ?? null) !== null)
        throw invalidInput(
          'filter',
          'is for format=ndjson and format=csv only: use user, type, start_time, end_time',
        );
      const repository = readsOf(services.repository, request.principal);
      const context = createRequestContext(request, reply.raw, limits);
      reply.header('content-type', contentType);
      if ((limit ?? after ?? null) === null) {
        if (isDescending)
          throw invalidInput('order', 'may be desc with limit, format=ndjson or format=csv only');
        const parts = await readEntries(repository, args, entryColumns, context).catch(renameArguments);
        return sendParts(reply, parts);
      }
      const page = { order: direction, limit, after } as const;
      const read = readEntryPage(repository, args, page, entryColumns, context);
      const { parts, next } = await read.catch(renameArguments);
      if (next !== null) reply.header('link', toNextLink(request, { ...args, order, limit, after: next }));
      return sendParts(reply, parts);
    });
  }
}
