import { edgeMembers, entryColumns } from '../execution/projection';
import { RawJson } from '../execution/raw-json';
import type { LogEntryConnectionResolvers } from './generated/resolver-types';

export const LogEntryConnection: LogEntryConnectionResolvers = {
  nodes: async (page, _args, _context, info) => new RawJson(await page.nodes(entryColumns(info))),
  edges: async (page, _args, _context, info) => new RawJson(await page.edges(edgeMembers(info))),
};
