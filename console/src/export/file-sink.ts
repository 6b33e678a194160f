import type { ExportFormat } from './row-counter';

/** Bytes of a file that is held in memory until it is complete. */
export const maxBytesInMemory = 512 * 1024 * 1024;

/** Takes the bytes of a file, which exists only once `save` was called. */
export interface FileSink {
  /** Maximum size of the file; undefined: what fits on the disk. */
  readonly maxBytes: number | undefined;
  readonly name: string;
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  save(): Promise<void>;
  discard(): Promise<void>;
}

interface FileHandle {
  readonly name: string;
  createWritable(): Promise<FileSystemWritableFileStream>;
  remove?(): Promise<void>;
}
type Picker = (options: object) => Promise<FileHandle>;

const types = {
  ndjson: { description: 'NDJSON', accept: { 'application/x-ndjson': ['.ndjson'] } },
  csv: { description: 'CSV', accept: { 'text/csv': ['.csv'] } },
} as const;

/**
 * A file on the disk where the browser can write one; otherwise one in memory, for its downloads.
 * @returns undefined if no file was chosen
 */
export async function openFile(format: ExportFormat): Promise<FileSink | undefined> {
  const name = `logs-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}Z.${format}`;
  const pick = (window as { showSaveFilePicker?: Picker }).showSaveFilePicker;
  if (!pick) return fileInMemory(name);
  try {
    const handle = await pick({ suggestedName: name, types: [types[format]] });
    return await fileOnDisk(handle);
  } catch (error) {
    if ((error as Error).name === 'AbortError') return undefined;
    // The browser has a picker that it does not allow here.
    if ((error as Error).name === 'SecurityError') return fileInMemory(name);
    throw error;
  }
}

/** The browser writes to a copy, which takes the file's place when it is closed. */
async function fileOnDisk(handle: FileHandle): Promise<FileSink> {
  const stream = await handle.createWritable();
  return {
    maxBytes: undefined,
    name: handle.name,
    write: (bytes) => stream.write(bytes),
    save: () => stream.close(),
    discard: async () => {
      await stream.abort();
      // The picker made an empty file.
      const size = await (handle as FileHandle & { getFile(): Promise<File> }).getFile().then(
        (file) => file.size,
        () => undefined,
      );
      if (size === 0) await handle.remove?.();
    },
  };
}

function fileInMemory(name: string): FileSink {
  let parts: BlobPart[] = [];
  return {
    maxBytes: maxBytesInMemory,
    name,
    write: async (bytes) => {
      parts.push(bytes);
      // A blob may be kept on the disk.
      if (parts.length >= 256) parts = [new Blob(parts)];
    },
    save: async () => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob(parts));
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    },
    discard: async () => {
      parts = [];
    },
  };
}
