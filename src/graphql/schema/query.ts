import { openLogsConnection } from '../../logs/reading/entry-page';
import { readClickMap } from '../../logs/reading/click-map';
import { readEntries } from '../../logs/reading/entries';
import { columnsOf } from '../../logs/reading/entry-columns';
import { readHistogram } from '../../logs/reading/histogram';
import { readLogTypes } from '../../logs/reading/log-types';
import { readSession, readSessions } from '../../logs/reading/sessions';
import type { LogEntry } from '../../logs/model/log-entry';
import { maxOccurrences } from '../../logs/model/max-occurrences';
import type { QueryResolvers } from './generated/resolver-types';
import { shownFields } from '../execution/shown-fields';

export const Query: QueryResolvers = {
  logs: async (_root, args, { repository, readContext, isLost }, info) => {
    // Nobody will see them, and a database that is too slow would only get more to do.
    if (isLost) return [];
    const fields = shownFields(info);
    const parts = await readEntries(repository, args, columnsOf(fields), readContext);
    const text = parts.join('');
    // The same again for each further name of a field.
    readContext.take(text.length * (maxOccurrences(fields) - 1));
    return JSON.parse(text) as LogEntry[];
  },
  logsConnection: (_root, args, { repository, readContext }) =>
    openLogsConnection(repository, args, readContext),
  logHistogram: (_root, args, { repository, readContext }) =>
    readHistogram(repository, args, readContext),
  logTypes: (_root, args, { repository, readContext }) =>
    readLogTypes(repository, args, readContext),
  clickMap: (_root, args, { repository, readContext }) =>
    readClickMap(repository, args, readContext),
  session: (_root, args, { repository, readContext }) => readSession(repository, args, readContext),
  sessions: (_root, args, { repository, readContext }) =>
    readSessions(repository, args, readContext),
  serverInfo: (_root, _args, { serverInfo }) => serverInfo,
};
