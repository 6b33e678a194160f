import { useMemo, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { Button } from '../design/button';
import { ErrorNotice } from '../design/notice';
import { typeColour, TypeMark } from '../design/type-mark';
import { useTypeSlots } from '../design/type-slots';
import type { SessionTypesQuery } from '../gql/graphql';
import { navigate } from '../state/location';
import { sessionsHref, type SessionSearch } from '../state/session-search';
import { formatCount, formatDuration } from '../time/format';
import { laneHeight, lanePath, laneWidth, type Mark } from './lane-marks';
import type { SessionId } from './session-queries';
import { useMarks } from './use-marks';
import { durationOf, type SessionRow } from './use-sessions';

/** Times of the first and the last step in view, in milliseconds since 1970. */
export interface View {
  readonly start: number;
  readonly end: number;
}

interface Props {
  readonly id: SessionId;
  readonly session: SessionRow;
  readonly types: SessionTypesQuery['logTypes'];
  readonly search: SessionSearch;
  readonly view: View | undefined;
  readonly onGoTo: (time: number) => void;
}

/** Lanes at first; the rest is in one lane, until the reader asks for all. */
const maxLanes = 6;
/** Steps of the arrow keys from one end to the other. */
const keySteps = 50;

/** All entries of a session from its start to its end, to scale: a lane for each type. A click leads to the steps there. */
export function Overview({ id, session, types, search, view, onGoTo }: Props) {
  const [isWhole, setWhole] = useState(false);
  const marks = useMarks(id, session);
  useTypeSlots();
  const all = types.types;
  const shown = all.length <= maxLanes + 1 || isWhole ? all : all.slice(0, maxLanes);
  const otherCount = all.slice(shown.length).reduce((sum, { count }) => sum + count, types.otherCount);
  const otherTypes = all.length - shown.length + types.otherTypeCount;
  const start = Date.parse(session.startedAt);
  const duration = durationOf(session);
  const paths = useMemo(() => {
    const lanes = new Map<string | undefined, Mark[]>(shown.map(({ type }) => [type, []]));
    lanes.set(undefined, []);
    for (const mark of marks.data ?? []) (lanes.get(mark.type) ?? lanes.get(undefined))!.push(mark);
    return new Map([...lanes].map(([type, of]) => [type, lanePath(of, start, duration)]));
  }, [marks.data, shown, start, duration]);

  const toggle = (type: string): void => {
    const rest = search.types.filter((other) => other !== type);
    const next = rest.length === search.types.length ? [...rest, type] : rest;
    navigate(sessionsHref({ ...search, types: next }), 'replace');
  };

  return (
    <section className="overview" aria-label="Overview">
      {marks.error && <ErrorNotice error={marks.error} onRetry={() => void marks.refetch()} />}
      <div className="overview-lanes">
        <div className="overview-names">
          {shown.map(({ type, count }) => (
            <button
              key={type}
              type="button"
              className="overview-name"
              aria-pressed={search.types.includes(type)}
              title={`Show only steps of the type ${type}`}
              onClick={() => toggle(type)}
            >
              <TypeMark type={type} />
              <span>{type}</span>
              <span className="muted">{formatCount(count)}</span>
            </button>
          ))}
          {otherTypes > 0 && (
            <button type="button" className="overview-name" onClick={() => setWhole(true)}>
              <span>{formatCount(otherTypes)} other types</span>
              <span className="muted">{formatCount(otherCount)}</span>
            </button>
          )}
        </div>
        <Strip start={start} duration={duration} view={view} onGoTo={onGoTo}>
          {shown.map(({ type }) => (
            <Lane
              key={type}
              path={paths.get(type)!}
              colour={typeColour(type)}
              isFaint={search.types.length > 0 && !search.types.includes(type)}
            />
          ))}
          {otherTypes > 0 && (
            <Lane path={paths.get(undefined)!} colour="var(--type-other)" isFaint={search.types.length > 0} />
          )}
        </Strip>
        <div className="overview-tools">
          {search.types.length > 0 && (
            <Button kind="quiet" onPress={() => navigate(sessionsHref({ ...search, types: [] }), 'replace')}>
              All types
            </Button>
          )}
        </div>
        <div className="overview-axis muted" aria-hidden="true">
          {[0, 0.25, 0.5, 0.75, 1].map((part) => (
            <span key={part} style={{ left: `${part * 100}%` }}>
              {part === 0 ? 'start' : duration > 0 && `+${formatDuration(duration * part)}`}
            </span>
          ))}
        </div>
      </div>
    </section>
  );
}

function Lane({ path, colour, isFaint }: { path: string; colour: string; isFaint: boolean }) {
  return (
    <svg
      className="overview-lane"
      viewBox={`0 0 ${laneWidth} ${laneHeight}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      style={{ color: colour, opacity: isFaint ? 0.25 : 1 }}
    >
      <path
        d={path}
        fill="currentColor"
        stroke="currentColor"
        strokeWidth="1"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}

interface StripProps {
  readonly start: number;
  readonly duration: number;
  readonly view: View | undefined;
  readonly onGoTo: (time: number) => void;
  readonly children: React.ReactNode;
}

/** The ground of the lanes: shows which part the steps in view are of, and leads to another by pointer or arrow keys. */
function Strip({ start, duration, view, onGoTo, children }: StripProps) {
  const at = Math.max(0, Math.min(duration, (view?.start ?? start) - start));
  const goByPointer = (event: PointerEvent<HTMLDivElement>): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const part = Math.max(0, Math.min(1, (event.clientX - left) / width));
    onGoTo(start + part * duration);
  };
  const goByKey = (event: KeyboardEvent): void => {
    const step = duration / keySteps;
    const to: Record<string, number> = {
      ArrowRight: at + step,
      ArrowUp: at + step,
      ArrowLeft: at - step,
      ArrowDown: at - step,
      PageUp: at + 5 * step,
      PageDown: at - 5 * step,
      Home: 0,
      End: duration,
    };
    const next = to[event.key];
    if (next === undefined) return;
    event.preventDefault();
    onGoTo(start + Math.max(0, Math.min(duration, next)));
  };
  const percent = (ms: number): number => (duration === 0 ? 0 : (100 * ms) / duration);
  return (
    <div
      className="overview-strip"
      role="slider"
      tabIndex={0}
      aria-label="Time in the session"
      aria-valuemin={0}
      aria-valuemax={duration}
      aria-valuenow={Math.round(at)}
      aria-valuetext={`${formatDuration(at)} after the first entry`}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        goByPointer(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) goByPointer(event);
      }}
      onKeyDown={goByKey}
    >
      {children}
      {view && (
        <div
          className="overview-view"
          style={{ left: `${percent(at)}%`, width: `${percent(Math.max(0, view.end - start - at))}%` }}
        />
      )}
    </div>
  );
}
