import { useQuery } from '@tanstack/react-query';
import { request } from '../api/request';
import { graphql } from '../gql';

const newestEntry = graphql(`
  query NewestEntry {
    logsConnection(order: TIME_DESC, first: 1) {
      nodes {
        time
      }
    }
  }
`);

/**
 * The time of the newest entry of all; null if there is none, undefined until it is known.
 * An empty store is asked again every two seconds, so that the first entry is seen as it comes.
 */
export function useNewest(): string | null | undefined {
  const { data } = useQuery({
    queryKey: ['newest'],
    queryFn: ({ signal }) => request(newestEntry, {}, signal),
    refetchInterval: ({ state }) => (state.data?.logsConnection.nodes.length === 0 ? 2_000 : false),
  });
  return data && (data.logsConnection.nodes[0]?.time ?? null);
}
