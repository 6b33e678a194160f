import { pageColumns } from '../execution/projection';
import type { SessionResolvers } from './generated/resolver-types';

export const Session: SessionResolvers = {
  entries: (session, args, _context, info) => session.entries(args, pageColumns(info)),
};
