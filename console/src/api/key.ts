import { useSyncExternalStore } from 'react';
import { createStored } from '../state/stored';

const stored = createStored(() => sessionStorage, 'log-manager-key');
const listeners = new Set<() => void>();

/** The access key the page signs in with. It is kept until the tab is closed, and sent to this server only. */
export function accessKey(): string | null {
  return stored.get();
}

/** Signs in with a key, or out with null. */
export function setAccessKey(key: string | null): void {
  stored.set(key);
  for (const listener of listeners) listener();
}

/** Calls `listener` whenever the key changes; returns what ends that. */
export function onAccessKey(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useAccessKey(): string | null {
  return useSyncExternalStore(onAccessKey, accessKey);
}

/** The header Authorization, if there is a key. */
export function authorization(key = accessKey()): { readonly authorization?: string } {
  return key === null ? {} : { authorization: `Bearer ${key}` };
}
