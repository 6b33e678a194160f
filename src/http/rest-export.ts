import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorObserver } from '../graphql/errors/report-errors';
import { readsOf } from '../logs/access/own-entries';
import type { LineFormat } from '../logs/log-entry-repository';
import {
  LogManagerError,
  RateLimitedError,
  ServerStoppingError,
  ServiceUnavailableError,
} from '../logs/model/errors';
import { formatInstant } from '../logs/model/instant';
import { exportEntries, parseExport, type Export } from '../logs/reading/export';
import type { Services } from '../logs/services';
import { reportError } from './errors';
import { createRequestContext, type ReadLimits } from './request-parts';
import { renameArguments } from './rest-arguments';
import { addSendingHeaders } from './sending/send-parts';
import { sendStream } from './sending/send-stream';

/** Exports at a time, of all clients and of one: each holds a page and a compressor. */
const maxExports = 32;
const maxExportsOfClient = 4;
/** Milliseconds after which a client with too many exports is told to ask again. */
const retryMs = 10_000;

const formats = {
  NDJSON: { contentType: 'application/x-ndjson', extension: 'ndjson', formulas: undefined },
  CSV: { contentType: 'text/csv; charset=utf-8; header=present', extension: 'csv', formulas: 'neutralised' },
  CSV_WITH_FORMULAS: {
    contentType: 'text/csv; charset=utf-8; header=present',
    extension: 'csv',
    formulas: 'kept',
  },
} as const satisfies Record<LineFormat, object>;

export interface ExportOptions {
  readonly services: Services;
  readonly limits: ReadLimits;
  readonly observer: ErrorObserver;
  /** Throws if the key of a request is no longer in force. */
  readonly requireKeyInForce: (request: FastifyRequest) => void;
  readonly isStopping: () => boolean;
  /** Whether the server is about to drop the open requests. */
  readonly isDropping: () => boolean;
}

/** What to export, not validated yet. */
export interface ExportArguments extends Pick<Export, 'order' | 'format'> {
  readonly args: Record<string, unknown>;
  readonly limit: unknown;
}

/** Answers with an export; errors before its first byte have a status of their own. */
export type SendExport = (
  request: FastifyRequest,
  reply: FastifyReply,
  wanted: ExportArguments,
) => Promise<void>;

/** See {@link SendExport}. */
export function createSendExport(options: ExportOptions): SendExport {
  const { services, limits, observer, requireKeyInForce, isStopping, isDropping } = options;
  const counts = new Map<string, number>();
  let count = 0;

  /** @returns a function that ends the turn */
  function takeTurn(client: string): () => void {
    const own = counts.get(client) ?? 0;
    if (own >= maxExportsOfClient) throw new RateLimitedError(retryMs);
    if (count >= maxExports)
      throw new ServiceUnavailableError('Too many exports are running. Try again later.');
    count++;
    counts.set(client, own + 1);
    return () => {
      count--;
      const left = counts.get(client)! - 1;
      if (left > 0) counts.set(client, left);
      else counts.delete(client);
    };
  }

  /** The last line of an export that is broken off, as the body of an error is. */
  function report(error: unknown, { id }: FastifyRequest): string {
    const expected = error instanceof LogManagerError ? error : undefined;
    return `${reportError(error, expected, id, observer).body}\n`;
  }

  return async (request, reply, { args, limit, order, format }) => {
    const wanted = parseRenamed(args, limit, { order, format });
    const context = createRequestContext(request, reply.raw, limits);
    const check = (): void => {
      context.check();
      requireKeyInForce(request);
      if (isDropping()) throw new ServerStoppingError('Export again.');
    };
    const endTurn = takeTurn(context.client()!);
    request.isStreamed = true;
    try {
      const { contentType, extension, formulas } = formats[format];
      const name = `logs-${formatInstant(services.now()).replace(/\.\d+/, '').replaceAll(':', '-')}.${extension}`;
      const repository = readsOf(services.repository, request.principal);
      const parts = exportEntries(repository, wanted, { ...context, check });
      const first = await parts.next();
      request.largeBody?.end();
      reply.header('content-type', contentType);
      reply.header('content-disposition', `attachment; filename="${name}"`);
      if (formulas !== undefined) reply.header('csv-formulas', formulas);
      addSendingHeaders(reply, isStopping());
      await sendStream(reply, first, parts, {
        unsentBytes: limits.unsentBytes,
        check,
        onBroken: (error) => {
          const line = report(error, request);
          return format === 'NDJSON' ? line : '';
        },
      });
    } finally {
      endTurn();
    }
  };
}

function parseRenamed(args: object, limit: unknown, layout: Pick<Export, 'order' | 'format'>): Export {
  try {
    return parseExport(args, { limit }, layout);
  } catch (error) {
    return renameArguments(error);
  }
}
