import { useEffect, useRef, type RefObject } from 'react';
import { Menu, MenuItem, Popover, Separator } from 'react-aria-components';
import { copyText } from '../design/copy-button';
import type { LogSearch } from '../state/log-search';
import { offersFor, withCondition } from './narrowed';

/** Conditions on properties that a filter holds at most. */
const maxConditions = 10;

/** A property that a menu is about. */
export interface Leaf {
  readonly value: unknown;
  readonly path: readonly string[];
  /** Whether a list is on its path: the API selects from objects only. */
  readonly isInList: boolean;
}

export interface LeafMenuProps {
  readonly leaf: Leaf | undefined;
  readonly opener: RefObject<HTMLElement | null>;
  readonly search: LogSearch;
  readonly onChange: (changes: Partial<LogSearch>) => void;
  readonly onClose: () => void;
  /** A browser may refuse to copy. */
  readonly onCopied: (isCopied: boolean) => void;
}

/** What to look for by a property, and how to copy it. */
export function LeafMenu({ leaf, ...props }: LeafMenuProps) {
  return leaf && <OpenMenu leaf={leaf} {...props} />;
}

function OpenMenu(props: LeafMenuProps & { readonly leaf: Leaf }) {
  const { leaf, opener, search, onChange, onClose, onCopied } = props;
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // `autoFocus` of the menu leaves the focus to the menu itself when a key or a screen reader opened it.
    const frame = requestAnimationFrame(() =>
      menu.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus({ preventScroll: true }),
    );
    return () => cancelAnimationFrame(frame);
  }, []);
  const { value, path, isInList } = leaf;
  const add = (is: ReturnType<typeof offersFor>[number]['is']): void =>
    onChange({ properties: withCondition(search.properties, { path: [...path], is }) });
  const isFull = search.properties.length >= maxConditions;
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  const copy = (text: string): void =>
    void copyText(text).then(
      () => onCopied(true),
      () => onCopied(false),
    );
  return (
    <Popover
      className="popover details-popover"
      triggerRef={opener}
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      placement="bottom end"
    >
      <Menu ref={menu} aria-label={`Property ${path.join('.')}`} onClose={onClose}>
        {!isInList &&
          !isFull &&
          offersFor(value).map(({ label, is }) => (
            <MenuItem key={label} className="option" onAction={() => add(is)}>
              {label}
            </MenuItem>
          ))}
        {!isInList && !isFull && <Separator className="details-separator" />}
        <MenuItem className="option" onAction={() => copy(text)}>
          Copy value
        </MenuItem>
        <MenuItem className="option" onAction={() => copy(JSON.stringify(path))}>
          Copy path
        </MenuItem>
      </Menu>
      <p className="details-hint">
        {isInList
          ? 'The API does not select by items of lists.'
          : isFull
            ? 'The filter holds its 10 conditions. Remove one first.'
            : 'The API has no “not equal”: leave out a property with all its values.'}
      </p>
    </Popover>
  );
}
