import { listJson, writeJson } from '../../logs/model/write-json';
import { writeEntry } from '../../logs/reading/entry-columns';
import { withHeaderKey } from '../../logs/recording/idempotency-key';
import { entryColumns } from '../execution/projection';
import { RawJson } from '../execution/raw-json';
import type { MutationResolvers, RecordSessionPayloadResolvers } from './generated/resolver-types';

export const Mutation: MutationResolvers = {
  recordSession: (_root, { input }, { recorder, principal, readContext, idempotencyKey }) => {
    readContext.admitAlways();
    return recorder.recordSession(withHeaderKey(input, idempotencyKey), principal, 'input', readContext);
  },
  deleteUserData: (_root, args, { deletion, principal }) => deletion.deleteUserData(args, principal),
  deleteSession: (_root, args, { deletion, principal }) => deletion.deleteSession(args, principal),
};

export const RecordSessionPayload: RecordSessionPayloadResolvers = {
  // Their size was checked before they were recorded.
  async entries(recorded, _args, { readContext }, info) {
    const columns = entryColumns(info);
    const entries = listJson(await recorded.entries(), (entry) => writeEntry(entry, columns));
    return new RawJson(await writeJson(entries, readContext.take));
  },
};
