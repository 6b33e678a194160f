import { useQuery } from '@tanstack/react-query';
import { graphql } from '../gql';
import { useAccessKey } from './key';
import { request } from './request';

const viewerQuery = graphql(`
  query Viewer {
    viewer {
      name
      scopes
      userId
      expiresAt
    }
  }
`);

/** Who is signed in, and what the key may do; on a server that needs no key, everything. */
export function useViewer() {
  const key = useAccessKey();
  return useQuery({
    queryKey: ['viewer', key],
    queryFn: async ({ signal }) => (await request(viewerQuery, {}, signal)).viewer,
    staleTime: 60_000,
  });
}

/**
 * Asks the server about a key before the page signs in with it.
 * @throws {ApiError} UNAUTHENTICATED if the server does not know the key
 */
export async function checkKey(key: string): Promise<void> {
  await request(viewerQuery, {}, undefined, key);
}
