import type { MutationResolvers } from './generated/resolver-types';

export const Mutation: MutationResolvers = {
  recordSession: (_root, { input }, { recorder, readContext }) =>
    recorder.recordSession(input, 'input', readContext),
  deleteUserData: (_root, args, { deletion }) => deletion.deleteUserData(args),
  deleteSession: (_root, args, { deletion }) => deletion.deleteSession(args),
};
