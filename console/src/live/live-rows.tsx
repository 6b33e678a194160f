import { memo } from 'react';
import { TypeMark } from '../design/type-mark';
import { usePreferences } from '../state/preferences';
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
      className="live-row"
      tabIndex={-1}
      data-index={index}
      data-id={entry.id}
      aria-current={isOpen || undefined}
      onClick={() => onOpen(entry)}
    >
      <span className="live-time mono">{formatTime(entry.time, timeZone)}</span>
      <span className="live-type">
        <TypeMark type={entry.type} />
        <span>{entry.type}</span>
      </span>
      <span className="live-user">{entry.userId}</span>
      <span className="live-properties mono">{summarise(entry.properties)}</span>
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

/** The first properties, as text for one line. */
function summarise(properties: Readonly<Record<string, unknown>>): string {
  let text = '';
  for (const [key, value] of Object.entries(properties)) {
    if (text.length > 240) break;
    text += `${text && '  '}${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`.slice(
      0,
      240,
    );
  }
  return text;
}
