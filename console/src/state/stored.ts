/**
 * Where a browser keeps what the page asks it to. A browser can refuse, by a setting or for lack of room: then it is
 * kept until the page is closed.
 */
export interface Stored {
  get(): string | null;
  set(value: string | null): void;
}

/** @param area gets localStorage or sessionStorage: a browser that refuses throws at once */
export function createStored(area: () => Storage, name: string): Stored {
  /** undefined: the browser keeps the value. */
  let kept: string | null | undefined;
  return {
    get() {
      if (kept !== undefined) return kept;
      try {
        return area().getItem(name);
      } catch {
        return null;
      }
    },
    set(value) {
      try {
        if (value === null) area().removeItem(name);
        else area().setItem(name, value);
        kept = undefined;
      } catch {
        kept = value;
      }
    },
  };
}

/** Whether this browser lets the page use localStorage. */
export function mayStore(): boolean {
  try {
    return Boolean(localStorage);
  } catch {
    return false;
  }
}

/** A JSON object that a browser keeps; an empty one if it keeps none, or another value. */
export function readObject(stored: Stored): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(stored.get() ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
