import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { Entry } from '../api/entry';
import { useLocation } from '../state/location';
import { parseOpenEntry, setOpenEntry } from '../state/open-entry';
import { readEntry } from '../table/read-entries';

/** The entry whose details the page shows. The address names it, so that it can be sent to a colleague. */
export function useOpenEntry() {
  const ref = parseOpenEntry(useLocation().search);
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: ['entry', ref?.id],
    enabled: ref !== undefined,
    queryFn: ({ signal }) => readEntry(ref!, signal),
    staleTime: Infinity,
    // It would lose a property named __proto__.
    structuralSharing: false,
  });
  const open = useCallback(
    (entry: Entry | undefined): void => {
      // The list has read it.
      if (entry) queries.setQueryData(['entry', entry.id], (known: Entry | undefined) => known ?? entry);
      setOpenEntry(entry);
    },
    [queries],
  );
  return {
    id: ref?.id,
    /** Undefined while it is read; null if it is not stored. */
    entry: ref && data,
    error,
    retry: () => void refetch(),
    open,
  };
}
