import type { MutationResolvers } from './generated/resolver-types';

export const Mutation: MutationResolvers = {
  recordSession: (_root, { input }, { logManager, recording }) =>
    recording ?? logManager.recordSession(input, 'input'),
};
