import type { LogEntry } from '../logs/flatten';
import { entryFields } from '../logs/log-store';
import type { QueryResolvers } from './generated/resolver-types';

export const Query: QueryResolvers = {
  logs: async (_root, args, { logManager }) =>
    JSON.parse(await logManager.logs(args, entryFields)) as LogEntry[],
  serverInfo: (_root, _args, { logManager }) => logManager.info,
};
