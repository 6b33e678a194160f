const name = 'log-manager-types';
const colourCount = 8;
const shapes = ['circle', 'square', 'triangle', 'diamond'] as const;
const slots: Record<string, number> = read();

/**
 * The slot of a type: its colour and shape, the same on all pages and visits of this browser.
 * Types get slots in the order they are first seen in; the most frequent come first, since the histogram asks for them.
 */
export function typeSlot(type: string): number {
  let slot = slots[type];
  if (slot === undefined) {
    slot = Object.keys(slots).length;
    slots[type] = slot;
    localStorage.setItem(name, JSON.stringify(slots));
  }
  return slot;
}

/** The colour of a type, as a CSS value. After eight types colours come again, with another shape. */
export function typeColour(type: string): string {
  return `var(--type-${typeSlot(type) % colourCount})`;
}

/** The mark before a type's name, by colour and shape. */
export function TypeMark({ type }: { type: string }) {
  const slot = typeSlot(type);
  const shape = shapes[Math.floor(slot / colourCount) % shapes.length]!;
  return (
    <svg
      className="type-mark"
      width="10"
      height="10"
      viewBox="0 0 10 10"
      aria-hidden="true"
      fill={typeColour(type)}
    >
      {shape === 'circle' && <circle cx="5" cy="5" r="4.5" />}
      {shape === 'square' && <rect x="1" y="1" width="8" height="8" />}
      {shape === 'triangle' && <path d="M5 0.5 9.7 9.2H.3z" />}
      {shape === 'diamond' && <path d="M5 0 10 5 5 10 0 5z" />}
    </svg>
  );
}

/** The mark of all types together that have no mark of their own. */
export function OtherMark() {
  return (
    <svg className="type-mark" width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
      <circle cx="5" cy="5" r="4.5" fill="var(--type-other)" />
    </svg>
  );
}

function read(): Record<string, number> {
  try {
    return JSON.parse(localStorage.getItem(name) ?? '{}') as Record<string, number>;
  } catch {
    return {};
  }
}
