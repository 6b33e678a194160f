import type {
  LogEntryConnectionResolvers,
  RecordSessionPayloadResolvers,
} from '../schema/generated/resolver-types';
import { shownFields, shownNodeFields } from './shown-fields';

/** Lists of entries, which hear what is shown of each entry, so that nothing else is read. */
export const entryLists: {
  readonly LogEntryConnection: LogEntryConnectionResolvers;
  readonly RecordSessionPayload: RecordSessionPayloadResolvers;
} = {
  LogEntryConnection: {
    nodes: (connection, args, _context, info) => connection.nodes(args, shownFields(info)),
    edges: (connection, args, _context, info) => connection.edges(args, shownNodeFields(info)),
  },
  RecordSessionPayload: {
    entries: (recorded, args, _context, info) => recorded.entries(args, shownFields(info)),
  },
};
