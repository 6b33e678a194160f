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

/** A filter that passes the entries of one user only. */
export function ownFilter(filter: LogFilter, userId: string): LogFilter {
  // No user has an empty id.
  return { ...filter, userIds: [isNamed(filter, userId) ? userId : ''] };
}

function isNamed({ userIds }: LogFilter, userId: string): boolean {
  return userIds === undefined || userIds.includes(userId);
}

/** Reads as if the repository held the entries of one user only. */
function readsOfUser(repository: EntryReads, userId: string): EntryReads {
  const own = (filter: LogFilter): LogFilter => ownFilter(filter, userId);
  const ofOwn = <Query extends { readonly filter: LogFilter }>(query: Query): Query => ({
    ...query,
    filter: own(query.filter),
  });
  return {
    findRefusal: (...read) => repository.findRefusal(...read),
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
      isNamed(query.filter, userId) ? repository.findSessions(ofOwn(query), context) : [],
  };
}
