import { basename, dirname } from 'node:path';
import { bytesOf, numberAt, type SystemCall, type TraceEvent } from './trace';

/** What a system call does to the files of one directory, or to a socket. */
export type FileCall =
  | {
      readonly kind: 'write';
      readonly name: string;
      /** Which open file; each time a file is opened, another one. */
      readonly file: number;
      readonly offset: number;
      readonly data: Buffer;
    }
  | { readonly kind: 'truncate'; readonly name: string; readonly file: number; readonly size: number }
  /** Of the directory itself when there is no name. */
  | { readonly kind: 'sync'; readonly name: string | undefined; readonly file: number }
  | { readonly kind: 'create'; readonly name: string }
  | { readonly kind: 'remove'; readonly name: string }
  | { readonly kind: 'send'; readonly data: Buffer };

export interface FileEvent {
  readonly line: number;
  readonly phase: 'begin' | 'end';
  /** The same one at its begin and at its end. */
  readonly call: FileCall;
  /** Whether it has ended, and well. */
  readonly isDone: boolean;
}

/** Picks what is done to the files of a directory, and what is sent, out of all system calls. */
export function* fileEvents(directory: string, events: Iterable<TraceEvent>): Generator<FileEvent> {
  const openFiles = new Map<number, { readonly name: string; readonly file: number }>();
  let openedCount = 0;
  const sockets = new Set<number>();
  const underWay = new Map<SystemCall, FileCall>();

  /** The name within the directory, empty for itself; undefined for what is elsewhere. */
  const nameOf = (path: string): string | undefined => {
    if (path === directory) return '';
    return dirname(path) === directory ? basename(path) : undefined;
  };

  const begin = (call: SystemCall): FileCall | undefined => {
    const descriptor = numberAt(call, 0);
    const { name, file = 0 } = openFiles.get(descriptor) ?? {};
    switch (call.name) {
      case 'pwrite64':
        return name
          ? { kind: 'write', name, file, offset: numberAt(call, -1), data: bytesOf(call) }
          : undefined;
      case 'ftruncate':
        return name ? { kind: 'truncate', name, file, size: numberAt(call, 1) } : undefined;
      case 'fsync':
      case 'fdatasync':
        return name === undefined ? undefined : { kind: 'sync', name: name || undefined, file };
      case 'unlink':
      case 'unlinkat': {
        const removed = nameOf(bytesOf(call).toString());
        return removed ? { kind: 'remove', name: removed } : undefined;
      }
      case 'write':
      case 'writev':
      case 'pwritev':
        if (name) throw new Error(`${call.name} to ${name}: this is not how SQLite writes`);
        return sockets.has(descriptor) ? { kind: 'send', data: bytesOf(call) } : undefined;
      case 'sendto':
      case 'sendmsg':
        return sockets.has(descriptor) ? { kind: 'send', data: bytesOf(call) } : undefined;
      case 'close':
        // At its begin: once it is closed, another thread may get the number, before this one is told.
        openFiles.delete(descriptor);
        sockets.delete(descriptor);
        return undefined;
      default:
        return undefined;
    }
  };

  for (const { line, phase, call } of events) {
    if (phase === 'begin') {
      const fileCall = begin(call);
      if (!fileCall) continue;
      underWay.set(call, fileCall);
      yield { line, phase, call: fileCall, isDone: false };
      continue;
    }
    const { result } = call;
    const isDone = result !== undefined && result >= 0;
    if (isDone && call.name.startsWith('accept')) sockets.add(result);
    if (isDone && call.name.startsWith('open')) {
      const name = nameOf(bytesOf(call).toString());
      if (name === undefined) continue;
      openFiles.set(result, { name, file: ++openedCount });
      const isCreating = call.args.includes('O_CREAT');
      if (isCreating) yield { line, phase, call: { kind: 'create', name }, isDone };
    }
    const fileCall = underWay.get(call);
    underWay.delete(call);
    if (fileCall) yield { line, phase, call: fileCall, isDone };
  }
}
