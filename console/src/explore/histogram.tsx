import type { Explore } from './use-explore';

export function Histogram(_: { explore: Explore }) {
  return <section aria-label="Entries over time" />;
}
