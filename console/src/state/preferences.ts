import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'light' | 'dark';

interface Preferences {
  readonly theme: Theme;
  /** An IANA time zone, such as `Europe/Vienna`. */
  readonly timeZone: string;
}

const name = 'log-manager-preferences';
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
  localStorage.setItem(name, JSON.stringify(current));
  apply();
  for (const listener of listeners) listener();
}

function read(): Preferences {
  const defaults: Preferences = {
    theme: 'system',
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
  };
  try {
    return { ...defaults, ...(JSON.parse(localStorage.getItem(name) ?? '{}') as Partial<Preferences>) };
  } catch {
    return defaults;
  }
}

function apply(): void {
  if (current.theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = current.theme;
}
