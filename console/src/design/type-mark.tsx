import { colourCount } from './slots';
import { typeSlot, useTypeSlots } from './type-slots';

const shapes = ['circle', 'square', 'triangle', 'diamond'] as const;

/** The colour of a type, as a CSS value, for components that call `useTypeSlots`. */
export function typeColour(type: string): string {
  const slot = typeSlot(type);
  return `var(--type-${slot === undefined ? 'other' : slot % colourCount})`;
}

/** The mark before a type's name, by colour and shape. */
export function TypeMark({ type }: { type: string }) {
  useTypeSlots();
  const shape = shapes[Math.floor((typeSlot(type) ?? 0) / colourCount)]!;
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

/** The mark of bars that are drawn with lines: see draw-bars.ts. */
export function PartialMark() {
  return (
    <svg className="type-mark" width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
      <path d="M0 4 4 0M0 9 9 0M4 10 10 4M9 10 10 9" stroke="currentColor" strokeWidth="1.5" />
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
