import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { Button } from '../design/button';
import { Icon } from '../design/icon';
import { useIsNarrow } from '../design/media';

interface DetailsPaneProps {
  readonly onClose: () => void;
  /** Shows the entry after (1) or before (-1) this one; undefined where entries move on by themselves. */
  readonly onStep: ((by: 1 | -1) => void) | undefined;
  readonly children: ReactNode;
}

/** The place of an entry's details: beside the entries, or on a narrow screen over the page. Escape closes it. */
export function DetailsPane(props: DetailsPaneProps) {
  return useIsNarrow() ? <Sheet {...props} /> : <Beside {...props} />;
}

const name = 'Details of an entry';

function Sheet({ children, ...props }: DetailsPaneProps) {
  return (
    <ModalOverlay className="explore-sheet" isOpen onOpenChange={props.onClose}>
      <Modal>
        <Dialog className="explore-details" aria-label={name}>
          <DetailsHead {...props} />
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Beside({ children, ...props }: DetailsPaneProps) {
  const { onClose, onStep } = props;
  const pane = useRef<HTMLElement>(null);
  const opener = useRef<Element | null>(null);
  useEffect(() => {
    opener.current = document.activeElement;
    pane.current?.focus();
    return () => {
      // A page that was opened with the details open has no opener: the list gets the focus.
      const isOpener = opener.current?.isConnected && opener.current !== document.body;
      const list = '.explore-entries [tabindex="0"]';
      (isOpener ? (opener.current as HTMLElement) : document.querySelector<HTMLElement>(list))?.focus();
    };
  }, []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onClose();
    if (event.target !== pane.current || !['ArrowDown', 'ArrowUp'].includes(event.key)) return;
    if (!onStep) return;
    event.preventDefault();
    onStep(event.key === 'ArrowDown' ? 1 : -1);
  };
  return (
    <aside ref={pane} className="explore-details" aria-label={name} tabIndex={-1} onKeyDown={onKeyDown}>
      <DetailsHead {...props} />
      {children}
    </aside>
  );
}

function DetailsHead({ onClose, onStep }: Omit<DetailsPaneProps, 'children'>) {
  return (
    <div className="explore-details-head">
      <h2>Details</h2>
      {onStep && (
        <>
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
  );
}
