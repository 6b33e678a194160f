import { columnsOf } from '../../logs/model/entry-columns';
import type { LogEntry } from '../../logs/recording/encode-session';
import { mostRepeated } from '../../logs/model/most-repeated';
import type { QueryResolvers } from './generated/resolver-types';
import { shownFields } from '../execution/shown-fields';

export const Query: QueryResolvers = {
  logs: async (_root, args, { logManager, reader, isLost }, info) => {
    // Nobody will see them, and a database that is too slow would only get more to do.
    if (isLost) return [];
    const fields = shownFields(info);
    const parts = await logManager.logs(args, columnsOf(fields), reader);
    const text = parts.join('');
    // The same again for each further name of a field.
    reader.take(text.length * (mostRepeated(fields) - 1));
    return JSON.parse(text) as LogEntry[];
  },
  logsConnection: (_root, args, { logManager, reader }) => logManager.logsConnection(args, reader),
  logHistogram: (_root, args, { logManager, reader }) => logManager.logHistogram(args, reader),
  logTypes: (_root, args, { logManager, reader }) => logManager.logTypes(args, reader),
  clickMap: (_root, args, { logManager, reader }) => logManager.clickMap(args, reader),
  session: (_root, args, { logManager, reader }) => logManager.session(args, reader),
  sessions: (_root, args, { logManager, reader }) => logManager.sessions(args, reader),
  serverInfo: (_root, _args, { logManager }) => logManager.info,
};
