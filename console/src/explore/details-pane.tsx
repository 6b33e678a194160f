import { useEffect, useRef, type ReactNode } from 'react';
import { Button } from '../design/button';

/** The place of an entry's details: beside the entries, or over the page on a narrow screen. Escape closes it. */
export function DetailsPane({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  const pane = useRef<HTMLElement>(null);
  const opener = useRef<Element | null>(null);
  useEffect(() => {
    opener.current = document.activeElement;
    pane.current?.focus();
    return () => {
      if (opener.current instanceof HTMLElement && opener.current.isConnected) opener.current.focus();
    };
  }, []);
  return (
    <aside
      ref={pane}
      className="explore-details"
      aria-label="Details of an entry"
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <div className="explore-details-head">
        <h2>Details</h2>
        <Button kind="quiet icon" aria-label="Close details" onPress={onClose}>
          ✕
        </Button>
      </div>
      {children}
    </aside>
  );
}
