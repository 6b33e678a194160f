import type { ChangesPage } from '../../logs/feed/page';
import { changeColumns } from '../execution/projection';
import type { SubscriptionResolvers } from './generated/resolver-types';

export const Subscription: SubscriptionResolvers = {
  logRecorded: {
    subscribe: (_root, { filter, after }, { feed, principal, readContext, lastEventId = after }, info) =>
      feed.subscribe({ filter, after: lastEventId }, changeColumns(info), principal, readContext),
    resolve: (page: ChangesPage) => page,
  },
};
