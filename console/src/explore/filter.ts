import type { LogSearch } from '../state/log-search';

/** Takes away every part of the filter but the time. */
export const noFilter: Partial<LogSearch> = {
  userId: undefined,
  sessionId: undefined,
  types: [],
  properties: [],
};

/** Whether the search has a part besides the time. */
export function isFiltered({ userId, sessionId, types, properties }: LogSearch): boolean {
  return userId !== undefined || sessionId !== undefined || types.length > 0 || properties.length > 0;
}
