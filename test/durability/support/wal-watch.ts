import { sessionOf } from '../../support/journal/sessions';
import type { FileCall, FileEvent } from './file-calls';

const headerBytes = 32;
const frameHeaderBytes = 24;
const pageBytes = 4_096;

/** A transaction in the WAL: https://www.sqlite.org/fileformat2.html#walformat */
interface Transaction {
  readonly entryIds: Set<string>;
  /** The open file through which it was written. */
  readonly file: number;
  state: 'open' | 'written' | 'synced';
}

/** Holds answers to what they promise: that what they acknowledge is on disk. */
export interface WalWatch {
  apply(event: FileEvent): void;
  /** The line of the trace at which the answer to each session began to be sent. */
  readonly answeredAt: ReadonlyMap<string, number>;
  /** Answers that were sent before the WAL was synced after the last write of the commit that they wait for. */
  readonly early: readonly string[];
  /** How often the WAL was overwritten from its start after the first answer. */
  restarts(): number;
  /** How many syncs of the WAL have failed. */
  failedSyncs(): number;
}

export function watchWal(): WalWatch {
  /** Entries that the WAL holds, and the first transaction that does. */
  const holders = new Map<string, Transaction>();
  const answeredAt = new Map<string, number>();
  const early: string[] = [];
  let failed = 0;
  let starts = 0;
  let open: Transaction | undefined;
  let isLastFrame = false;
  let waiting: Transaction[] = [];
  const syncs = new Map<FileCall, readonly Transaction[]>();

  function beginWrite({ file, offset, data }: FileCall & { kind: 'write' }): void {
    if (offset === 0 && data.length === headerBytes) {
      if (answeredAt.size > 0) starts++;
      return;
    }
    if (data.length === frameHeaderBytes) {
      if ((offset - headerBytes) % (frameHeaderBytes + pageBytes) !== 0) {
        throw new Error(`a frame of the WAL at ${offset}: pages are not of ${pageBytes} bytes`);
      }
      // Of the last frame of a commit, the size of the database.
      isLastFrame = data.readUInt32BE(4) > 0;
      return;
    }
    open ??= { entryIds: new Set(), file, state: 'open' };
    for (const [, id] of data.toString('latin1').matchAll(/"id":"([^"/]+\/\d+)"/g)) {
      if (!holders.has(id!)) holders.set(id!, open);
      open.entryIds.add(id!);
    }
  }

  function endWrite(data: Buffer): void {
    if (data.length !== pageBytes || !isLastFrame || !open) return;
    open.state = 'written';
    waiting.push(open);
    open = undefined;
    isLastFrame = false;
  }

  function endSync(call: FileCall & { kind: 'sync' }, isDone: boolean): void {
    const begun = syncs.get(call) ?? [];
    syncs.delete(call);
    // The writer's own sync decides about its transactions; see createSimulatedDisk.
    const covered = new Set(isDone ? begun : begun.filter(({ file }) => file === call.file));
    waiting = waiting.filter((transaction) => !covered.has(transaction));
    if (!isDone) failed++;
    for (const transaction of covered) {
      if (isDone) transaction.state = 'synced';
      // What a failed sync was to bring to disk is not there, whatever later ones say.
      else for (const id of transaction.entryIds) if (holders.get(id) === transaction) holders.delete(id);
    }
  }

  function beginSend(line: number, data: Buffer): void {
    const text = data.toString('latin1');
    if (!text.includes('"recordedCount"')) return;
    for (const sessionId of new Set([...text.matchAll(/"sessionId":"([^"]+)"/g)].map(([, id]) => id!))) {
      if (!answeredAt.has(sessionId)) answeredAt.set(sessionId, line);
      const missing = sessionOf(sessionId).actions.find(
        ({ properties }) => holders.get(properties['id'] as string)?.state !== 'synced',
      );
      if (missing) {
        const state = holders.get(missing.properties['id'] as string)?.state ?? 'not there';
        early.push(`${sessionId}, on line ${line}: its commit was ${state}`);
      }
    }
  }

  return {
    answeredAt,
    early,
    restarts: () => starts,
    failedSyncs: () => failed,
    apply: ({ line, phase, call, isDone }) => {
      if (call.kind === 'send') {
        if (phase === 'begin') beginSend(line, call.data);
        return;
      }
      if (!call.name?.endsWith('-wal')) return;
      if (call.kind === 'write') {
        if (phase === 'begin') beginWrite(call);
        else endWrite(call.data);
      }
      if (call.kind === 'sync') {
        // Those that are written by then; later ones it may miss.
        if (phase === 'begin') syncs.set(call, [...waiting]);
        else endSync(call, isDone);
      }
    },
  };
}
