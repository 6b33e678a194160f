import { memo } from 'react';
import { usePreferences } from '../state/preferences';
import { EntryCells } from '../table/entry-row';
import { formatTime } from '../time/format';
import type { LiveEntry, Seam } from './live-store';

interface LiveEntryRowProps {
  readonly entry: LiveEntry;
  readonly index: number;
  readonly isOpen: boolean;
  readonly onOpen: (entry: LiveEntry) => void;
}

/** One live entry: a press opens its details. */
export const LiveEntryRow = memo(function LiveEntryRow({ entry, index, isOpen, onOpen }: LiveEntryRowProps) {
  const { timeZone } = usePreferences();
  return (
    <button
      type="button"
      className="table-row live-row"
      tabIndex={-1}
      data-index={index}
      data-id={entry.id}
      aria-current={isOpen || undefined}
      onClick={() => onOpen(entry)}
    >
      <EntryCells entry={entry} timeZone={timeZone} />
    </button>
  );
});

const seamTexts: Record<Seam['seam'], (time: string) => string> = {
  start: (time) => `Live since ${time}. Below: recorded before.`,
  pause: (time) => `Paused at ${time}. Above: recorded since.`,
  reconnect: (time) => `Connection lost at ${time}. Above: since then, without a gap.`,
};

/** A line between what came before and after. */
export function SeamRow({ seam, index }: { seam: Seam; index: number }) {
  const { timeZone } = usePreferences();
  const time = formatTime(seam.at, timeZone, 0).slice(11);
  return (
    <div className={`live-seam ${seam.seam}`} tabIndex={-1} data-index={index} data-id={seam.id}>
      <span>{seamTexts[seam.seam](time)}</span>
    </div>
  );
}
