import type { LogFilter } from '../filtering/log-filter';
import type { EntryReads } from '../log-entry-repository';
import type { Principal } from './principal';

const known = new WeakMap<Principal, EntryReads>();

/** What a principal may read: everything, or what its user has. */
export function readsOf(repository: EntryReads, principal: Principal): EntryReads {
  if (principal.userId === undefined) return repository;
  const reads = known.get(principal) ?? readsOfUser(repository, principal.userId);
  known.set(principal, reads);
  return reads;
}

/** Reads as if the repository held the entries of one user only. */
function readsOfUser(repository: EntryReads, userId: string): EntryReads {
  const isNamed = ({ userIds }: LogFilter): boolean => userIds === undefined || userIds.includes(userId);
  const own = (filter: LogFilter): LogFilter =>
    // No session has an empty id.
    isNamed(filter) ? { ...filter, userIds: [userId] } : { ...filter, userIds: [userId], sessionIds: [''] };
  const ofOwn = <Query extends { readonly filter: LogFilter }>(query: Query): Query => ({
    ...query,
    filter: own(query.filter),
  });
  return {
    findRefusal: (context, isCounted) => repository.findRefusal(context, isCounted),
    findEntries: (query, context) => repository.findEntries(ofOwn(query), context),
    findExcess: (query, maxBytes, context) => repository.findExcess(ofOwn(query), maxBytes, context),
    findPage: (query, context) => repository.findPage(ofOwn(query), context),
    findLines: (query, context) => repository.findLines(ofOwn(query), context),
    findNewestId: (context) => repository.findNewestId(context),
    countEntries: (filter, upTo, context) => repository.countEntries(own(filter), upTo, context),
    findTimeRange: (filter, context) => repository.findTimeRange(own(filter), context),
    countByBucket: (query, context) => repository.countByBucket(ofOwn(query), context),
    countByType: (filter, limit, context) => repository.countByType(own(filter), limit, context),
    countByCell: (query, context) => repository.countByCell(ofOwn(query), context),
    findSessions: async (query, context) =>
      isNamed(query.filter) ? repository.findSessions(ofOwn(query), context) : [],
  };
}
