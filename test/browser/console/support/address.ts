import type { Page } from 'playwright-core';

/** What the address of Explore selects, as a filter of the API. */
export async function filterOfAddress(page: Page) {
  const search = new URLSearchParams(await page.evaluate<string>('location.search'));
  const types = search.getAll('type');
  const properties = search.getAll('property').map((text) => JSON.parse(text) as object);
  return {
    ...(search.has('user') && { userIds: [search.get('user')!] }),
    ...(search.has('session') && { sessionIds: [search.get('session')!] }),
    ...(search.has('from') && { startTime: search.get('from')! }),
    ...(search.has('to') && { endTime: search.get('to')! }),
    ...(types.length > 0 && { types }),
    ...(properties.length > 0 && { properties }),
  };
}
