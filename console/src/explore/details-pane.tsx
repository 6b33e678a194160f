import { useEffect, useRef, type ReactNode } from 'react';
import { Button } from '../design/button';
import { Icon } from '../design/icon';

interface DetailsPaneProps {
  readonly onClose: () => void;
  /** Shows the entry after (1) or before (-1) this one; undefined where entries move on by themselves. */
  readonly onStep: ((by: 1 | -1) => void) | undefined;
  readonly children: ReactNode;
}

/** The place of an entry's details: beside the entries, or over the page on a narrow screen. Escape closes it. */
export function DetailsPane({ onClose, onStep, children }: DetailsPaneProps) {
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
        if (event.target !== pane.current || !['ArrowDown', 'ArrowUp'].includes(event.key)) return;
        if (!onStep) return;
        event.preventDefault();
        onStep(event.key === 'ArrowDown' ? 1 : -1);
      }}
    >
      <div className="explore-details-head">
        <h2>Details</h2>
        {onStep && (
          <>
            {' '}
            <Button kind="quiet icon" aria-label="Newer entry" onPress={() => onStep(-1)}>
              <Icon name="up" />
            </Button>
            <Button kind="quiet icon" aria-label="Older entry" onPress={() => onStep(1)}>
              <Icon name="down" />
            </Button>
          </>
        )}
        <Button kind="quiet icon" aria-label="Close details" onPress={onClose}>
          <Icon name="close" />
        </Button>
      </div>
      {children}
    </aside>
  );
}
