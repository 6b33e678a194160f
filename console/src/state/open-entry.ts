import { navigate } from './location';

/** An entry as an address names it. The API finds entries by their times. */
export interface EntryRef {
  readonly time: string;
  readonly id: string;
}

interface HistoryState {
  /** Whether the step of the browser's history before this one is the same page without details. */
  readonly isOpened?: boolean;
}

/** The entry whose details an address shows. */
export function parseOpenEntry(search: URLSearchParams): EntryRef | undefined {
  const [, time, id] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}Z),(\d+)$/.exec(search.get('entry') ?? '') ?? [];
  return time === undefined || id === undefined || Number.isNaN(Date.parse(time)) ? undefined : { time, id };
}

/**
 * Puts the entry whose details are shown into the address, or takes it out. To open the details is a step of the
 * browser's history, so that its Back closes them; another entry in the same place is not.
 */
export function setOpenEntry(entry: EntryRef | undefined): void {
  const search = new URLSearchParams(location.search);
  const isOpen = search.has('entry');
  const state = history.state as HistoryState | null;
  if (!entry && state?.isOpened) {
    // Asked twice before the browser has gone back, it goes back once.
    history.replaceState({ ...state, isOpened: false }, '');
    history.back();
    return;
  }
  if (entry) search.set('entry', `${entry.time},${entry.id}`);
  else search.delete('entry');
  const text = search.size === 0 ? '' : `?${search.toString()}`;
  if (isOpen || !entry) navigate(location.pathname + text, 'replace', state);
  else navigate(location.pathname + text, 'push', { ...state, isOpened: true });
}
