import { useQuery } from '@tanstack/react-query';
import { toRfc3339 } from '../time/rfc3339';
import { readSessionPage, type SessionRow } from './use-sessions';

const day = 86_400_000;
const pageSize = 200;

/** The sessions of the same user that began just before and just after one. */
export function useNeighbours(session: SessionRow | undefined) {
  return useQuery({
    queryKey: ['sessions', 'neighbours', session?.id],
    enabled: session !== undefined,
    queryFn: async ({ signal }) => ({
      previous: await findPrevious(session!, signal),
      next: await findNext(session!, signal),
    }),
    staleTime: 60_000,
  });
}

async function findPrevious(session: SessionRow, signal: AbortSignal): Promise<SessionRow | undefined> {
  const endTime = toRfc3339(Date.parse(session.startedAt) + 1);
  const { nodes } = await readSessionPage({ userIds: [session.userId], endTime }, pageSize, null, signal);
  const at = nodes.findIndex(({ id }) => id === session.id);
  return at === -1 ? undefined : nodes[at + 1];
}

/** Pages go from new to old only: looks in longer and longer times after the session, so that each has few sessions. */
async function findNext(session: SessionRow, signal: AbortSignal): Promise<SessionRow | undefined> {
  const start = Date.parse(session.startedAt);
  for (let length = day / 24; ; length *= 6) {
    const isLast = start + length > Date.now() + day;
    const filter = {
      userIds: [session.userId],
      startTime: session.startedAt,
      ...(!isLast && { endTime: new Date(start + length).toISOString() }),
    };
    let next: SessionRow | undefined;
    let after: string | null | undefined = null;
    while (after !== undefined) {
      const { nodes, pageInfo } = await readSessionPage(filter, pageSize, after, signal);
      const at = nodes.findIndex(({ id }) => id === session.id);
      next = (at === -1 ? nodes.at(-1) : nodes[at - 1]) ?? next;
      after = at === -1 && pageInfo.hasNextPage ? pageInfo.endCursor : undefined;
    }
    if (next || isLast) return next;
  }
}
