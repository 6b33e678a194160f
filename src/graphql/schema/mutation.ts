import { maxCopies, writeEntry } from '../../logs/reading/entry-columns';
import { withHeaderKey } from '../../logs/recording/idempotency-key';
import { entryColumns } from '../execution/projection';
import { RawJson } from '../execution/raw-json';
import type { MutationResolvers, RecordSessionPayloadResolvers } from './generated/resolver-types';

export const Mutation: MutationResolvers = {
  recordSession: (_root, { input }, { recorder, readContext, idempotencyKey }) =>
    recorder.recordSession(withHeaderKey(input, idempotencyKey), 'input', readContext),
  deleteUserData: (_root, args, { deletion }) => deletion.deleteUserData(args),
  deleteSession: (_root, args, { deletion }) => deletion.deleteSession(args),
};

export const RecordSessionPayload: RecordSessionPayloadResolvers = {
  async entries(recorded, _args, _context, info) {
    const columns = entryColumns(info);
    const entries = await recorded.entries(maxCopies(columns));
    return new RawJson([`[${entries.map((entry) => writeEntry(entry, columns)).join(',')}]`]);
  },
};
