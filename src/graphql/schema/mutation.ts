import type { MutationResolvers } from './generated/resolver-types';

export const Mutation: MutationResolvers = {
  recordSession: (_root, { input }, { logManager, reader }) =>
    logManager.recordSession(input, 'input', reader),
  deleteUserData: (_root, args, { logManager }) => logManager.deleteUserData(args),
  deleteSession: (_root, args, { logManager }) => logManager.deleteSession(args),
};
