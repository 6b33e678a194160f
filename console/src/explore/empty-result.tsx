import type { Explore } from './use-explore';

export function EmptyResult(_: { explore: Explore }) {
  return <p>No entries match.</p>;
}
