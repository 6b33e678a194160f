import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { setTypeCounts, useAreSlotsOld } from '../design/type-slots';
import { graphql } from '../gql';
import { useAccessKey } from './key';
import { request } from './request';

const allTypes = graphql(`
  query AllTypes {
    logTypes {
      types {
        type
        count
      }
    }
  }
`);

/** Counts the types of the server, so that each has its colour: once a day, since it reads all entries. */
export function useTypeCounts(mayRead: boolean): void {
  const areOld = useAreSlotsOld();
  const { data, isError } = useQuery({
    queryKey: ['all-types', useAccessKey()],
    queryFn: async ({ signal }) => (await request(allTypes, {}, signal)).logTypes.types,
    enabled: areOld && mayRead,
  });
  useEffect(() => {
    if (data || isError) setTypeCounts(data);
  }, [data, isError]);
}
