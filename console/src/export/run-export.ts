import { ApiError, errorOf, offlineError } from '../api/api-error';
import { authorization } from '../api/key';
import type { LogFilter } from '../gql/graphql';
import { formatBytes } from './format-bytes';
import type { FileSink } from './file-sink';
import { createRowCounter, type ExportFormat } from './row-counter';

export interface ExportProgress {
  readonly rows: number;
  readonly bytes: number;
}

/** The address that exports the entries of a filter, newest first. */
export function exportUrl(filter: LogFilter, format: ExportFormat): string {
  return `/logs/?${new URLSearchParams({ format, order: 'desc', filter: JSON.stringify(filter) })}`;
}

/**
 * Writes the entries of a filter to a file, which is saved only if it is complete.
 * @throws {ApiError} if the server refuses or breaks off the export, or the file grows too large
 */
export async function runExport(
  { filter, format }: { readonly filter: LogFilter; readonly format: ExportFormat },
  file: FileSink,
  onProgress: (progress: ExportProgress) => void,
  signal: AbortSignal,
): Promise<ExportProgress> {
  try {
    const body = await open(exportUrl(filter, format), signal);
    const progress = await copy(body.getReader(), file, createRowCounter(format), onProgress);
    await file.save();
    return progress;
  } catch (error) {
    await file.discard().catch(() => {});
    throw error;
  }
}

async function open(url: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const response = await fetch(url, { headers: authorization(), signal }).catch((error: unknown) => {
    throw signal.aborted ? error : offlineError();
  });
  if (response.ok && response.body) return response.body;
  const answer = (await response.json().catch(() => ({}))) as { errors?: unknown };
  if (answer.errors) throw errorOf(answer.errors);
  throw new ApiError('UNKNOWN', `The server answered with HTTP status ${response.status}.`);
}

async function copy(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
  file: FileSink,
  countRows: (bytes: Uint8Array) => number,
  onProgress: (progress: ExportProgress) => void,
): Promise<ExportProgress> {
  let bytes = 0;
  let rows = 0;
  let last: Uint8Array | undefined;
  for (;;) {
    // The server ends a complete body with its last chunk; without it, the browser throws.
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw error instanceof Error && error.name === 'AbortError' ? error : (reasonIn(last) ?? brokenOff());
    });
    if (done) return { rows, bytes };
    bytes += value.byteLength;
    if (file.maxBytes !== undefined && bytes > file.maxBytes) {
      await reader.cancel();
      throw tooLarge(file.maxBytes);
    }
    rows = countRows(value);
    last = value;
    await file.write(value).catch(async (error: unknown) => {
      // The server waits for a reader until it is told that there is none.
      await reader.cancel().catch(() => {});
      throw error;
    });
    onProgress({ rows, bytes });
  }
}

/** The last line of NDJSON that is broken off tells why. */
function reasonIn(bytes: Uint8Array | undefined): ApiError | undefined {
  const line = new TextDecoder().decode(bytes).trimEnd().split('\n').at(-1)!;
  if (!line.startsWith('{"errors":')) return undefined;
  try {
    return errorOf((JSON.parse(line) as { errors: unknown }).errors);
  } catch {
    return undefined;
  }
}

function brokenOff(): ApiError {
  return new ApiError('BROKEN_OFF', 'The connection ended before the export was complete.');
}

function tooLarge(maxBytes: number): ApiError {
  return new ApiError(
    'FILE_TOO_LARGE',
    `The export exceeds ${formatBytes(maxBytes)}, which is as much as this browser holds in memory. ` +
      'Choose a shorter time, or copy the command.',
  );
}
