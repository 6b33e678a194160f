import type { LogEntry } from '../logs/flatten';
import { entryFields } from '../logs/log-store';
import type { QueryResolvers } from './generated/resolver-types';

const entryColumns = entryFields.map((field) => ({ key: field, field }));

export const Query: QueryResolvers = {
  logs: async (_root, args, { logManager, mustBeLatest, isLost }) => {
    // Nobody will see them, and a database that is too slow would only get more to do.
    if (isLost) return [];
    const parts = await logManager.logs(args, entryColumns, mustBeLatest);
    return JSON.parse(parts.join('')) as LogEntry[];
  },
  logsConnection: (_root, args, { logManager, mustBeLatest }) =>
    logManager.logsConnection(args, mustBeLatest),
  logHistogram: (_root, args, { logManager, mustBeLatest }) =>
    logManager.logHistogram(args, mustBeLatest),
  logTypes: (_root, args, { logManager, mustBeLatest }) => logManager.logTypes(args, mustBeLatest),
  clickMap: (_root, args, { logManager, mustBeLatest }) => logManager.clickMap(args, mustBeLatest),
  session: (_root, args, { logManager, mustBeLatest }) => logManager.session(args, mustBeLatest),
  sessions: (_root, args, { logManager, mustBeLatest }) => logManager.sessions(args, mustBeLatest),
  serverInfo: (_root, _args, { logManager }) => logManager.info,
};
