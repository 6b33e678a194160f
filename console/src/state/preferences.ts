import { useSyncExternalStore } from 'react';
import { createStored, readObject } from './stored';

export type Theme = 'system' | 'light' | 'dark';

interface Preferences {
  readonly theme: Theme;
  /** An IANA time zone, such as `Europe/Vienna`. */
  readonly timeZone: string;
}

const stored = createStored(() => localStorage, 'log-manager-preferences');
const listeners = new Set<() => void>();
let current: Preferences = read();
apply();

/** What this browser keeps for all visits. */
export function usePreferences(): Preferences {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

export function setPreferences(changes: Partial<Preferences>): void {
  current = { ...current, ...changes };
  stored.set(JSON.stringify(current));
  apply();
  for (const listener of listeners) listener();
}

function read(): Preferences {
  const { theme, timeZone } = readObject(stored);
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    timeZone: isTimeZone(timeZone) ? timeZone : Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
  };
}

/** Whether this browser knows a zone: one that a newer version kept may be unknown to it. */
function isTimeZone(name: unknown): name is string {
  if (typeof name !== 'string') return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function apply(): void {
  if (current.theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = current.theme;
}
