import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { ErrorNotice, Notice } from '../design/notice';
import type { SessionSearch } from '../state/session-search';
import type { View } from './overview';
import { useSteps, type SessionId, type Step } from './session-queries';
import { gapHeight, scaleOf, stepHeight } from './step-gaps';
import { StepRow } from './step-row';
import { StepsBar } from './steps-bar';
import { useIsNarrow } from '../design/media';
import { useAnchor } from './use-anchor';
import { useRowFocus } from './use-row-focus';
import { durationOf, type SessionRow } from './use-sessions';

/** An instant to go to, in milliseconds since 1970. Each is an object of its own: the same instant twice goes there twice. */
export interface Target {
  readonly time: number;
}

interface Props {
  readonly id: SessionId;
  readonly session: SessionRow;
  readonly search: SessionSearch;
  readonly target: Target | undefined;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly onView: (view: View) => void;
}

/** The list reads the next page when fewer loaded rows than these are below the view. */
const lead = 60;

/** The steps of a session in a list, with the time between them. It renders those in view, and reads more as one scrolls. */
export function Steps({ id, session, search, target, scroller, onView }: Props) {
  const [from, setFrom] = useState<string>();
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const isNarrow = useIsNarrow();
  const query = useSteps(id, search.types, from);
  const { hasNextPage, hasPreviousPage, isFetching, error, fetchNextPage, fetchPreviousPage } = query;
  const steps = useMemo(() => query.data?.pages.flatMap((page) => page.steps) ?? [], [query.data]);
  const times = useMemo(() => steps.map(({ time }) => Date.parse(time)), [steps]);
  const rowHeight = isNarrow ? 56 : stepHeight;
  const scale = scaleOf(durationOf(session));
  const gapAt = (index: number): number =>
    index === 0 ? 0 : gapHeight(times[index]! - times[index - 1]!, search.isToScale, scale);

  const list = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState({ top: 0, sticky: 0 });
  useLayoutEffect(() => {
    const measure = (): void => {
      const top = list.current!.offsetTop;
      const overview = list.current!.parentElement!.querySelector<HTMLElement>('.overview');
      const isSticky = overview !== null && getComputedStyle(overview).position === 'sticky';
      const sticky = isSticky ? overview.offsetHeight : 0;
      setMargin((old) => (old.top === top && old.sticky === sticky ? old : { top, sticky }));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(list.current!.parentElement!);
    measure();
    return () => observer.disconnect();
  }, []);

  const focus = useRowFocus(steps.length, (index) => virtual.scrollToIndex(index));
  const virtual = useVirtualizer({
    count: steps.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => rowHeight + gapAt(index),
    getItemKey: (index) => steps[index]!.id,
    overscan: 10,
    scrollMargin: margin.top,
    scrollPaddingStart: margin.sticky,
    rangeExtractor: (range) =>
      [...new Set([focus.active, ...defaultRangeExtractor(range)])].sort((a, b) => a - b),
  });
  useLayoutEffect(() => virtual.measure(), [virtual, rowHeight, search.isToScale]);

  // Goes to the target: at once where it is loaded, otherwise by reading from there.
  const pending = useRef<Target | undefined>(undefined);
  useEffect(() => {
    if (target) pending.current = target;
  }, [target]);
  useEffect(() => {
    const wanted = pending.current;
    if (!wanted || query.isPending) return;
    const isBefore = hasPreviousPage && (times.length === 0 || wanted.time < times[0]!);
    const isBehind = hasNextPage && wanted.time > times.at(-1)!;
    const fresh = new Date(wanted.time).toISOString();
    if ((isBefore || isBehind) && from !== fresh) {
      setFrom(fresh);
      return;
    }
    pending.current = undefined;
    const index = times.findIndex((time) => time >= wanted.time);
    if (times.length > 0) virtual.scrollToIndex(index === -1 ? times.length - 1 : index, { align: 'start' });
  }, [target, query.isPending, times, hasNextPage, hasPreviousPage, from, virtual]);

  const range = virtual.range;
  const first = range?.startIndex ?? 0;
  const last = range?.endIndex ?? 0;
  useEffect(() => {
    if (isFetching || error || query.isPending) return;
    if (hasNextPage && last >= steps.length - lead) void fetchNextPage();
    else if (hasPreviousPage && first <= lead) void fetchPreviousPage();
  }, [
    isFetching,
    error,
    query.isPending,
    hasNextPage,
    hasPreviousPage,
    first,
    last,
    steps.length,
    fetchNextPage,
    fetchPreviousPage,
  ]);

  const visible =
    virtual.getVirtualItemForOffset((virtual.scrollOffset ?? 0) + margin.sticky)?.index ?? first;

  useAnchor(steps, visible, virtual, scroller, (by) => focus.setActive(Math.max(0, focus.active + by)));
  const [start, end] = [times[visible], times[Math.max(visible, Math.min(last, times.length - 1))]];
  useEffect(() => {
    if (start !== undefined && end !== undefined) onView({ start, end });
  }, [start, end, onView]);

  const toggle = (step: Step): void => {
    const next = new Set(opened);
    if (!next.delete(step.id)) next.add(step.id);
    setOpened(next);
  };
  const sessionStart = Date.parse(session.startedAt);
  const isWhole = !hasNextPage && !hasPreviousPage && !query.isPending;
  return (
    <>
      <StepsBar search={search} count={query.data && steps.length} isWhole={isWhole} />
      {error && steps.length === 0 && <ErrorNotice error={error} onRetry={() => void query.refetch()} />}
      {query.data && steps.length === 0 && !hasPreviousPage && (
        <Notice>
          <p>No entry of this session has one of these types.</p>
        </Notice>
      )}
      {steps.length > 0 && (
        <div className="step-columns muted" aria-hidden="true">
          <span>Time</span>
          <span className="step-start">Since start</span>
          <span />
          <span>Type</span>
          <span>Properties</span>
          <span>Since step before</span>
        </div>
      )}
      <div ref={list} className="steps" aria-busy={query.isPending}>
        <div
          ref={focus.container}
          role="list"
          aria-label="Steps"
          className="steps-body"
          style={{ height: virtual.getTotalSize() }}
          onKeyDown={focus.onKeyDown}
        >
          {virtual.getVirtualItems().map(({ index, key, start: top }) => (
            <StepRow
              key={key}
              measure={virtual.measureElement}
              step={steps[index]!}
              index={index}
              position={hasPreviousPage ? undefined : index + 1}
              setSize={isWhole ? steps.length : -1}
              top={top - margin.top}
              sinceStart={times[index]! - sessionStart}
              sinceStep={index === 0 ? undefined : times[index]! - times[index - 1]!}
              gap={gapAt(index)}
              isOpen={opened.has(steps[index]!.id)}
              isActive={focus.active === index}
              onFocus={() => focus.setActive(index)}
              onToggle={() => toggle(steps[index]!)}
            />
          ))}
        </div>
        {query.isFetchingNextPage && <p className="steps-more muted">Loading more steps…</p>}
        {error && steps.length > 0 && (
          <ErrorNotice
            error={error}
            onRetry={() => void (hasNextPage ? fetchNextPage() : fetchPreviousPage())}
          />
        )}
      </div>
    </>
  );
}
