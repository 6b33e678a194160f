import { useRef, useState } from 'react';
import type { Entry } from '../api/entry';
import { Notice } from '../design/notice';
import { formatCount } from '../time/format';
import { LeafMenu, type Leaf, type LeafMenuProps } from './leaf-menu';

/** Items of a level shown at first: 32 KiB of properties can hold 8,000. */
const shownItems = 200;
/** Levels that are open at first. */
const openLevels = 3;

type PropertyTreeProps = Pick<LeafMenuProps, 'search' | 'onChange'> & {
  readonly properties: Entry['properties'];
};

/** Properties as nested lists that open and close. Each value has a button with conditions and copies. */
export function PropertyTree({ properties, ...props }: PropertyTreeProps) {
  const [leaf, setLeaf] = useState<Leaf>();
  const [isCopied, setCopied] = useState(true);
  const opener = useRef<HTMLElement>(null);
  const isEmpty = Object.keys(properties).length === 0;
  return (
    <section className="details-properties" aria-label="Properties">
      <h3>Properties</h3>
      {isEmpty ? (
        <p className="muted">This entry has no properties.</p>
      ) : (
        <Level
          value={properties}
          path={[]}
          depth={0}
          isInList={false}
          onMenu={(next, button) => {
            opener.current = button;
            setLeaf(next);
          }}
        />
      )}
      {!isCopied && (
        <Notice kind="warning">
          <p>The browser did not copy. Select the text, and copy it by hand.</p>
        </Notice>
      )}
      <LeafMenu
        {...props}
        leaf={leaf}
        opener={opener}
        onClose={() => setLeaf(undefined)}
        onCopied={setCopied}
      />
    </section>
  );
}

interface LevelProps {
  readonly value: object;
  readonly path: readonly string[];
  readonly depth: number;
  /** Whether it is below a list, whose items the API cannot select. */
  readonly isInList: boolean;
  readonly onMenu: (leaf: Leaf, button: HTMLElement) => void;
}

function Level({ value, path, depth, isInList, onMenu }: LevelProps) {
  const [isWhole, setWhole] = useState(false);
  const items = Object.entries(value);
  const isList = Array.isArray(value);
  return (
    <ul className="details-level">
      {(isWhole ? items : items.slice(0, shownItems)).map(([key, item]: [string, unknown]) => {
        const below = { value: item, path: [...path, key], isInList: isInList || isList };
        const name = (
          <>
            <span className={isList ? 'details-key muted' : 'details-key'}>{key || '""'}</span>
            <span className="muted">: </span>
          </>
        );
        const menu = (
          <button
            type="button"
            className="details-menu"
            aria-haspopup="menu"
            aria-label={`Filter or copy ${key || '""'}`}
            onClick={({ currentTarget }) => onMenu(below, currentTarget)}
          >
            ⋯
          </button>
        );
        if (typeof item !== 'object' || item === null || Object.keys(item).length === 0) {
          return (
            <li key={key} className="details-leaf">
              <span>
                {name}
                <Value value={item} />
              </span>
              {menu}
            </li>
          );
        }
        return (
          <li key={key} className="details-branch">
            <Branch
              isOpenAtFirst={depth + 1 < openLevels}
              label={
                <>
                  {name}
                  <Size value={item} />
                </>
              }
              menu={menu}
            >
              {() => <Level {...below} value={item} depth={depth + 1} onMenu={onMenu} />}
            </Branch>
          </li>
        );
      })}
      {!isWhole && items.length > shownItems && (
        <li>
          <button type="button" className="details-all" onClick={() => setWhole(true)}>
            Show all {formatCount(items.length)}
          </button>
        </li>
      )}
    </ul>
  );
}

interface BranchProps {
  readonly isOpenAtFirst: boolean;
  readonly label: React.ReactNode;
  readonly menu: React.ReactNode;
  readonly children: () => React.ReactNode;
}

function Branch({ isOpenAtFirst, label, menu, children }: BranchProps) {
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  return (
    <>
      <div className="details-leaf">
        <button
          type="button"
          className="details-toggle"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {label}
        </button>
        {menu}
      </div>
      {isOpen && children()}
    </>
  );
}

function Value({ value }: { value: unknown }) {
  if (typeof value === 'string') return <span className="details-text">{value === '' ? '""' : value}</span>;
  return <code>{JSON.stringify(value)}</code>;
}

function Size({ value }: { value: object }) {
  const count = Object.keys(value).length;
  const [one, many] = Array.isArray(value) ? ['item', 'items'] : ['property', 'properties'];
  return (
    <span className="muted">
      {formatCount(count)} {count === 1 ? one : many}
    </span>
  );
}
