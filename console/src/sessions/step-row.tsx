import { lazy, Suspense } from 'react';
import { TypeMark } from '../design/type-mark';
import { previewOf } from '../table/preview';
import { usePreferences } from '../state/preferences';
import { formatDuration, formatTime } from '../time/format';
import type { Step } from './session-queries';
import { pauseMs } from './step-gaps';

const EntryDetails = lazy(() =>
  import('../details/entry-details').then(({ EntryDetails }) => ({ default: EntryDetails })),
);

interface Props {
  readonly measure: (element: HTMLElement | null) => void;
  readonly step: Step;
  readonly index: number;
  /** From 1, among the steps of the session; undefined where earlier ones are not loaded. */
  readonly position: number | undefined;
  /** The number of steps; -1 where it is not known. */
  readonly setSize: number;
  readonly top: number;
  readonly sinceStart: number;
  /** Undefined where the step before is not loaded, or does not exist. */
  readonly sinceStep: number | undefined;
  /** Pixels of the time since the step before. */
  readonly gap: number;
  readonly isOpen: boolean;
  readonly isActive: boolean;
  readonly onFocus: () => void;
  readonly onToggle: () => void;
}

/** One step, below the time since the one before it. It opens to show its properties. */
export function StepRow(props: Props) {
  const { measure, step, index, top, sinceStart, sinceStep, gap, isOpen, isActive } = props;
  const { timeZone } = usePreferences();
  const time = formatTime(step.time, timeZone);
  const isPause = sinceStep !== undefined && sinceStep > pauseMs;
  return (
    <div
      ref={measure}
      data-index={index}
      role="listitem"
      aria-posinset={props.position}
      aria-setsize={props.setSize}
      className="step"
      data-id={step.id}
      style={{ transform: `translateY(${top}px)` }}
    >
      {gap > 0 && (
        <div className={`step-gap ${isPause ? 'pause' : ''}`} style={{ height: gap }}>
          {isPause && gap >= 20 && <span>{formatDuration(sinceStep)} pause</span>}
        </div>
      )}
      <button
        type="button"
        className="step-button"
        data-row={index}
        tabIndex={isActive ? 0 : -1}
        aria-expanded={isOpen}
        onFocus={props.onFocus}
        onClick={props.onToggle}
      >
        <time className="step-time" dateTime={step.time} title={time}>
          {time.split(' ')[1]}
        </time>
        <span className="step-start" title="Since the first entry">
          {sinceStart === 0 ? 'start' : `+${formatDuration(sinceStart)}`}
        </span>
        <span className="step-mark">
          <TypeMark type={step.type} />
        </span>
        <span className="step-type">{step.type}</span>
        <span className="step-properties muted">{previewOf(step.properties)}</span>
        <span className="step-before muted" title="Since the step before">
          {sinceStep === undefined ? '' : `+${formatDuration(sinceStep)}`}
        </span>
      </button>
      {isOpen && (
        <div className="step-details">
          <Suspense fallback={<p className="muted">Loading…</p>}>
            <EntryDetails entry={step} isInSession />
          </Suspense>
        </div>
      )}
    </div>
  );
}
