import type { MutationResolvers } from './generated/resolver-types';

export const Mutation: MutationResolvers = {
  recordSession: (_root, { input }, { logManager }) => logManager.recordSession(input, 'input'),
  deleteUserData: (_root, args, { logManager }) => logManager.deleteUserData(args),
  deleteSession: (_root, args, { logManager }) => logManager.deleteSession(args),
};
