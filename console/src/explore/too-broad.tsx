import { Button } from '../design/button';
import { Notice } from '../design/notice';
import type { Explore } from './use-explore';

/** Says why the server does not search properties of everything, and offers a bound. */
export function TooBroad({ explore }: { explore: Explore }) {
  return (
    <div className="explore-broad">
      <Notice kind="warning">
        <p>
          A property condition needs a time, a user, a session or a type beside it: the server would have to
          read every entry.
        </p>
        <Button onPress={() => explore.change({ range: { preset: '30d' } })}>Search the last 30 days</Button>
      </Notice>
    </div>
  );
}
