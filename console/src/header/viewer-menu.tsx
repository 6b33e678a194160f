import { DialogTrigger, Dialog, Popover } from 'react-aria-components';
import { setAccessKey, useAccessKey } from '../api/key';
import { useViewer } from '../api/viewer';
import { Button } from '../design/button';
import { Icon } from '../design/icon';
import { formatTime } from '../time/format';
import { usePreferences } from '../state/preferences';

/** The key that is signed in, what it may do, and the way out. On a server that needs no key: nothing. */
export function ViewerMenu() {
  const key = useAccessKey();
  const { data: viewer } = useViewer();
  const { timeZone } = usePreferences();
  if (key === null || !viewer) return null;
  return (
    <DialogTrigger>
      <Button kind="quiet">
        <Icon name="key" />
        <span className="viewer-name">{viewer.name ?? 'Signed in'}</span>
      </Button>
      <Popover className="popover" placement="bottom end">
        <Dialog className="viewer" aria-label="Signed in">
          <dl>
            <dt>Key</dt>
            <dd>{viewer.name ?? 'without a name'}</dd>
            <dt>May</dt>
            <dd>{viewer.scopes.map((scope) => scope.toLowerCase()).join(', ')}</dd>
            <dt>Data of</dt>
            <dd>{viewer.userId === null || viewer.userId === undefined ? 'every user' : viewer.userId}</dd>
            <dt>Ends</dt>
            <dd>{viewer.expiresAt ? formatTime(viewer.expiresAt, timeZone, 0) : 'never'}</dd>
          </dl>
          <Button onPress={() => setAccessKey(null)}>Sign out</Button>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
