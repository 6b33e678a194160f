import type { LogEntry } from '../logs/flatten';
import { entryFields } from '../logs/log-store';
import type { QueryResolvers } from './generated/resolver-types';

const entryColumns = entryFields.map((field) => ({ key: field, field }));

export const Query: QueryResolvers = {
  logs: async (_root, args, { logManager, mustBeLatest }) =>
    JSON.parse((await logManager.logs(args, entryColumns, mustBeLatest)).join('')) as LogEntry[],
  serverInfo: (_root, _args, { logManager }) => logManager.info,
};
