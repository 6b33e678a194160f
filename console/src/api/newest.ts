import { useQuery } from '@tanstack/react-query';
import { graphql } from '../gql';
import { request } from './request';

const newestQuery = graphql(`
  query Newest {
    logsConnection(order: TIME_DESC, first: 1) {
      nodes {
        time
      }
    }
  }
`);

/** Milliseconds between two looks into an empty store. */
const emptyMs = 2_000;

/** The time of the newest entry; null while there is none, undefined while it is not known. */
export function useNewestTime(): string | null | undefined {
  const { data } = useQuery({
    queryKey: ['newest'],
    queryFn: async ({ signal }) => {
      const { logsConnection } = await request(newestQuery, {}, signal);
      return logsConnection.nodes[0]?.time ?? null;
    },
    refetchInterval: ({ state }) => (state.data === null ? emptyMs : false),
  });
  return data;
}
