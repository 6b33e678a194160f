/** Milliseconds from which on the time between two steps is a pause. */
export const pauseMs = 30_000;

export const stepHeight = 36;
const foldedHeight = 32;
/** Pixels of a second at most, and of a whole session's time about at most. */
const maxScale = 4;
const maxTotal = 12_000;

/** Pixels of a second between steps that are drawn to scale, for a session of a duration in milliseconds. */
export function scaleOf(duration: number): number {
  return duration === 0 ? maxScale : Math.min(maxScale, maxTotal / (duration / 1_000));
}

/** Pixels above a step for the time since the step before. */
export function gapHeight(ms: number, isToScale: boolean, scale: number): number {
  if (isToScale) return Math.round((ms / 1_000) * scale);
  return ms > pauseMs ? foldedHeight : 0;
}
