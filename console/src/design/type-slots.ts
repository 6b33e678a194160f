import { useSyncExternalStore } from 'react';
import { createStored, readObject } from '../state/stored';
import { assignSlots, chooseSlot, type TypeCount } from './slots';

const stored = createStored(() => localStorage, 'log-manager-type-slots');
const maxAgeMs = 86_400_000;
const listeners = new Set<() => void>();

interface Slots {
  /** Milliseconds since 1970: when the types were counted. */
  readonly at: number;
  /** Another map when the types are counted; new types are added. */
  readonly slots: Map<string, number>;
}

let current: Slots = read();

/** Slots of types by name, the same on all pages; the types of the server are counted once a day. */
export function useTypeSlots(): ReadonlyMap<string, number> {
  return useSyncExternalStore(subscribe, () => current.slots);
}

/** Whether the types have to be counted. */
export function useAreSlotsOld(): boolean {
  return useSyncExternalStore(subscribe, () => Date.now() - current.at > maxAgeMs);
}

/** Gives slots to the types of the server. @param counts undefined: they could not be counted; other pages try again */
export function setTypeCounts(counts: readonly TypeCount[] | undefined): void {
  current = { at: Date.now(), slots: counts ? assignSlots(counts) : current.slots };
  if (counts) write();
  for (const listener of listeners) listener();
}

/** The slot of a type; undefined until the types are counted for the first time. */
export function typeSlot(type: string): number | undefined {
  const { at, slots } = current;
  const slot = slots.get(type);
  if (slot !== undefined || at === 0) return slot;
  // A type that is new since then.
  const chosen = chooseSlot(type, slots);
  slots.set(type, chosen);
  write();
  return chosen;
}

function write(): void {
  stored.set(JSON.stringify({ at: current.at, slots: Object.fromEntries(current.slots) }));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): Slots {
  const { at, slots } = readObject(stored);
  const entries = Object.entries(slots ?? {});
  // Types are counted again unless all of it can be read.
  if (typeof at !== 'number' || !entries.every(isSlot)) return { at: 0, slots: new Map() };
  return { at, slots: new Map(entries) };
}

function isSlot(entry: [string, unknown]): entry is [string, number] {
  return Number.isInteger(entry[1]);
}
