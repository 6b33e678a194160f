import { ApiError } from '../api/api-error';
import { Button } from '../design/button';
import { Notice, ErrorNotice } from '../design/notice';
import { presets } from '../state/log-search';
import type { Explore } from './use-explore';

const advice: Record<string, string> = {
  QUERY_TIMEOUT: 'Counting took too long. Choose a shorter time, or a user or a session.',
  RESULT_TOO_LARGE: 'The chart would be too large. Choose a shorter time or fewer types.',
};

/** Why there is no chart, and what to do. */
export function HistogramError({
  error,
  explore,
  onRetry,
}: {
  error: unknown;
  explore: Explore;
  onRetry: () => void;
}) {
  const text = error instanceof ApiError ? (advice[error.code] ?? tooLong(error)) : undefined;
  if (!text) return <ErrorNotice error={error} onRetry={onRetry} />;
  const shorter = shorterRange(explore);
  return (
    <Notice kind="error">
      <p>
        {text} <code>{(error as ApiError).code}</code>
      </p>
      {shorter && <Button onPress={shorter}>Half the time</Button>}
      <Button onPress={onRetry}>Try again</Button>
    </Notice>
  );
}

/** A range of more months than a chart has buckets for. */
function tooLong({ extensions }: ApiError): string | undefined {
  const violations = extensions['violations'] as readonly { readonly path: string }[] | undefined;
  return violations?.some(({ path }) => path === 'interval')
    ? 'These times are too far apart for a chart. Choose a shorter time.'
    : undefined;
}

/** Takes the later half of the range. */
function shorterRange({ filter, now, change }: Explore): (() => void) | undefined {
  if (!filter.startTime) return () => change({ range: { preset: '30d' } });
  const start = Date.parse(filter.startTime);
  const end = filter.endTime ? Date.parse(filter.endTime) : now;
  if (end - start <= presets['15m']) return undefined;
  return () =>
    change({
      range: {
        startTime: new Date((start + end) / 2).toISOString(),
        endTime: new Date(end).toISOString(),
      },
    });
}
