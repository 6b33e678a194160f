import { toViewer } from '../../logs/access/principal';
import { readClickMap } from '../../logs/reading/click-map';
import { readEntries } from '../../logs/reading/entries';
import { openLogsConnection } from '../../logs/reading/entry-page';
import { readHistogram } from '../../logs/reading/histogram';
import { readLogTypes } from '../../logs/reading/log-types';
import { readSession, readSessions } from '../../logs/reading/sessions';
import { changeColumns, edgeMembers, entryColumns, pageColumns } from '../execution/projection';
import { listObjects } from '../execution/object-json';
import { RawJson } from '../execution/raw-json';
import type {
  ClickMapResolvers,
  LogChangesResolvers,
  LogEntryConnectionResolvers,
  LogHistogramResolvers,
  LogTypesResolvers,
  QueryResolvers,
  SessionResolvers,
} from './generated/resolver-types';

export const Query: QueryResolvers = {
  logs: async (_root, args, { repository, readContext }, info) =>
    new RawJson(await readEntries(repository, args, entryColumns(info), readContext)),
  logsConnection: (_root, args, { repository, readContext }, info) =>
    openLogsConnection(repository, args, pageColumns(info), readContext),
  logHistogram: (_root, args, { repository, now, readContext }) =>
    readHistogram(repository, args, readContext, now()),
  logTypes: (_root, args, { repository, readContext }) => readLogTypes(repository, args, readContext),
  clickMap: (_root, args, { repository, readContext }) => readClickMap(repository, args, readContext),
  session: (_root, args, { repository, readContext }) => readSession(repository, args, readContext),
  sessions: (_root, args, { repository, readContext }) => readSessions(repository, args, readContext),
  logChanges: (_root, args, { feed, principal, readContext }, info) =>
    feed.read(args, changeColumns(info), principal, readContext),
  serverInfo: (_root, _args, { serverInfo }) => serverInfo,
  viewer: (_root, _args, { principal }) => toViewer(principal),
};

export const LogEntryConnection: LogEntryConnectionResolvers = {
  nodes: async (page, _args, _context, info) => new RawJson(await page.nodes(entryColumns(info))),
  edges: async (page, _args, _context, info) => new RawJson(await page.edges(edgeMembers(info))),
};

export const LogChanges: LogChangesResolvers = {
  entries: async (page, _args, { readContext }, info) =>
    new RawJson(await page.entries(entryColumns(info), readContext)),
  erasures: ({ erasures }, _args, { readContext }, info) =>
    listObjects('Erasure', erasures, readContext, info),
};

export const LogHistogram: LogHistogramResolvers = {
  buckets: ({ buckets }, _args, { readContext }, info) =>
    listObjects('HistogramBucket', buckets, readContext, info),
};

export const LogTypes: LogTypesResolvers = {
  types: ({ types }, _args, { readContext }, info) => listObjects('LogTypeSummary', types, readContext, info),
};

export const ClickMap: ClickMapResolvers = {
  cells: ({ cells }, _args, { readContext }, info) => listObjects('ClickCell', cells, readContext, info),
};

export const Session: SessionResolvers = {
  entries: (session, args, _context, info) => session.entries(args, pageColumns(info)),
};
