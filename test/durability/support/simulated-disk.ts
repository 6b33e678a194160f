import type { FileCall, FileEvent } from './file-calls';

/** Disks write 512 bytes, or none of them: https://www.sqlite.org/psow.html */
const sectorBytes = 512;

/** What has been done to a file since it was last synced. Only chance decides whether it is on disk. */
type Change = Extract<FileCall, { kind: 'write' | 'truncate' }>;

class Image {
  private bytes = Buffer.alloc(0);
  private size = 0;

  copy(): Image {
    const copy = new Image();
    copy.bytes = Buffer.from(this.content());
    copy.size = this.size;
    return copy;
  }

  content(): Buffer {
    return this.bytes.subarray(0, this.size);
  }

  write(offset: number, data: Buffer): void {
    this.resize(Math.max(this.size, offset + data.length));
    data.copy(this.bytes, offset);
  }

  resize(size: number): void {
    if (size > this.bytes.length) {
      const larger = Buffer.alloc(Math.max(size, 2 * this.bytes.length));
      this.content().copy(larger);
      this.bytes = larger;
    }
    // What a file has lost does not come back when it grows again.
    if (size < this.size) this.bytes.fill(0, size, this.size);
    this.size = size;
  }
}

interface SimulatedFile {
  /** What is on disk for sure. */
  readonly image: Image;
  changes: Change[];
}

type Directory = ReadonlyMap<string, SimulatedFile>;

/** A disk that keeps what was synced, and of the rest what it happens to have written when the power fails. */
export interface SimulatedDisk {
  apply(event: FileEvent): void;
  /** The files as they may be found after a loss of power at this point. */
  cut(): ReadonlyMap<string, Buffer>;
}

export function createSimulatedDisk(random: () => number): SimulatedDisk {
  let files: Directory = new Map();
  /** As of the last sync of anything: file systems with a journal keep the order of changes to names. */
  let syncedFiles: Directory = files;
  const ended = new WeakSet<FileCall>();
  const syncs = new Map<FileCall, { readonly changes: readonly Change[]; readonly files: Directory }>();

  function begin(call: FileCall): void {
    if (call.kind === 'write' || call.kind === 'truncate') fileOf(call.name)?.changes.push(call);
    // What is still under way when a sync begins may be too late for it.
    if (call.kind === 'sync') {
      const file = call.name === undefined ? undefined : fileOf(call.name);
      syncs.set(call, {
        changes: file?.changes.filter((change) => ended.has(change)) ?? [],
        files,
      });
    }
  }

  function end(call: FileCall, isDone: boolean): void {
    if (call.kind === 'write' || call.kind === 'truncate') ended.add(call);
    if (call.kind === 'create' && !files.has(call.name)) {
      files = new Map(files).set(call.name, { image: new Image(), changes: [] });
    }
    if (call.kind === 'remove' && isDone) {
      files = new Map([...files].filter(([name]) => name !== call.name));
    }
    if (call.kind === 'sync') endSync(call, isDone);
  }

  function endSync(call: FileCall & { kind: 'sync' }, isDone: boolean): void {
    const { changes, files: filesThen } = syncs.get(call)!;
    syncs.delete(call);
    if (isDone) syncedFiles = filesThen;
    const file = call.name === undefined ? undefined : filesThen.get(call.name);
    if (!file) return;
    // After an error, the kernel takes what it could not write for written, and never tries again
    // (https://wiki.postgresql.org/wiki/Fsync_Errors). It tells each open file of the error
    // (https://docs.kernel.org/filesystems/vfs.html#handling-errors-during-writeback), which strace cannot: a commit
    // whose own sync goes well, after one of the log by a checkpoint has failed, stands for one that lost nothing.
    const isOfOther = ({ file: writer }: Change) => call.name!.endsWith('-wal') && writer !== call.file;
    const decided = isDone ? changes : changes.filter((change) => !isOfOther(change));
    const keep = isDone ? 1 : chance();
    for (const change of decided) applyTo(file.image, change, keep);
    const gone = new Set(decided);
    file.changes = file.changes.filter((change) => !gone.has(change));
  }

  /** -shm is made anew by whoever opens the file next. */
  function fileOf(name: string): SimulatedFile | undefined {
    return name.endsWith('-shm') ? undefined : files.get(name);
  }

  /** How likely a change is on disk, for now: often all of them are, or none. */
  function chance(): number {
    return Math.min(1, Math.max(0, 3 * random() - 1));
  }

  /** @param keep how likely each change is to be on disk */
  function applyTo(image: Image, change: Change, keep: number): void {
    if (change.kind === 'truncate') {
      if (random() < keep) image.resize(change.size);
      return;
    }
    const { offset, data } = change;
    // Some are torn: of each sector, there is either what was, or what was to be.
    if (keep === 1 || random() < 0.75) {
      if (random() < keep) image.write(offset, data);
      return;
    }
    for (let from = offset; from < offset + data.length;) {
      const to = Math.min(offset + data.length, (Math.floor(from / sectorBytes) + 1) * sectorBytes);
      if (random() < keep) image.write(from, data.subarray(from - offset, to - offset));
      from = to;
    }
  }

  return {
    apply: ({ phase, call, isDone }) => {
      if (phase === 'begin') begin(call);
      else end(call, isDone);
    },
    cut: () => {
      const keep = chance();
      const found = random() < 0.5 ? files : syncedFiles;
      const contents = new Map<string, Buffer>();
      for (const [name, { image, changes }] of found) {
        if (name.endsWith('-shm')) continue;
        const copy = image.copy();
        for (const change of changes) applyTo(copy, change, keep);
        contents.set(name, copy.content());
      }
      return contents;
    },
  };
}
