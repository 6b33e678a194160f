import type { LogEntry } from '../logs/flatten';
import { entryFields } from '../logs/log-store';
import type { QueryResolvers } from './generated/resolver-types';

const entryColumns = entryFields.map((field) => ({ key: field, field }));

export const Query: QueryResolvers = {
  logs: async (_root, args, { logManager, mustBeLatest, failure }, { path }) => {
    // Nothing is asked again: a database that is too slow would only get more to do.
    if (failure?.key === path.key) throw failure.error;
    if (failure) return [];
    const parts = await logManager.logs(args, entryColumns, mustBeLatest);
    return JSON.parse(parts.join('')) as LogEntry[];
  },
  serverInfo: (_root, _args, { logManager }) => logManager.info,
};
