import type { EntryRef } from '../state/open-entry';

/** The entry at the top of the list. */
export type Place = EntryRef;

/**
 * The place that this step of the browser's history was left at: going back to it, or loading the page again, comes back
 * to the same rows. It is not in the address, since it would change with every turn of the wheel.
 */
export function readPlace(): Place | undefined {
  return (history.state as { place?: Place } | null)?.place;
}

/** @param place undefined: the newest entry */
export function writePlace(place: Place | undefined): void {
  const { place: known, ...state } = (history.state ?? {}) as { place?: Place };
  if (place?.id !== known?.id) history.replaceState({ ...state, ...(place && { place }) }, '');
}
