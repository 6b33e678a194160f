import { useMutation, useQuery } from '@tanstack/react-query';
import { request } from '../api/request';
import { graphql } from '../gql';
import type { Erasure } from './erase-buttons';

const eraseSession = graphql(`
  mutation EraseSession($userId: String!, $sessionId: String!, $dryRun: Boolean!) {
    deleteSession(userId: $userId, sessionId: $sessionId, dryRun: $dryRun) {
      deletedCount
    }
  }
`);

const eraseUser = graphql(`
  mutation EraseUser($userId: String!, $dryRun: Boolean!) {
    deleteUserData(userId: $userId, dryRun: $dryRun) {
      deletedCount
    }
  }
`);

async function erase({ userId, sessionId }: Erasure, dryRun: boolean, signal?: AbortSignal): Promise<number> {
  if (sessionId === undefined) {
    return (await request(eraseUser, { userId, dryRun }, signal)).deleteUserData.deletedCount;
  }
  return (await request(eraseSession, { userId, sessionId, dryRun }, signal)).deleteSession.deletedCount;
}

/** Counts the entries that an erasure would erase now. */
export function useEraseCount(erasure: Erasure) {
  return useQuery({
    queryKey: ['erase count', erasure],
    queryFn: ({ signal }) => erase(erasure, true, signal),
    gcTime: 0,
  });
}

/** Erases. To erase what is erased already erases nothing, so that it can be tried again after any error. */
export function useErase(erasure: Erasure) {
  return useMutation({ mutationFn: () => erase(erasure, false) });
}
