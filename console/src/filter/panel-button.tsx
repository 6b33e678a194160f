import { Suspense, useState, type ReactNode } from 'react';
import { Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { Button } from '../design/button';

/** A button that opens a panel below it. The panel's code is loaded when it opens. */
export function PanelButton({
  label,
  title,
  className,
  isDisabled,
  onHover,
  children,
}: {
  label: ReactNode;
  /** The panel's accessible name. */
  title: string;
  className?: string;
  isDisabled?: boolean;
  /** Fetch the panel's code: it will be wanted. */
  onHover: () => void;
  children: (close: () => void) => ReactNode;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <Button className={className} isDisabled={isDisabled} onHoverStart={onHover} onFocus={onHover}>
        {label}
      </Button>
      <Popover className="popover filter-popover" placement="bottom start">
        <Dialog className="filter-dialog" aria-label={title}>
          <Suspense fallback={<p className="filter-loading muted">Loading…</p>}>
            {children(() => setOpen(false))}
          </Suspense>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
