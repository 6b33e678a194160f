import { Button, ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from 'react-aria-components';
import { Icon } from '../design/icon';
import { setPreferences, usePreferences } from '../state/preferences';
import { offsetName } from '../time/format';

const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
const zones = [...new Set([browserZone, 'UTC', ...Intl.supportedValuesOf('timeZone')])].map((id) => ({ id }));

/** The time zone in which every time of the page is shown, and times are typed. */
export function ZoneField({ at }: { at: number }) {
  const { timeZone } = usePreferences();
  return (
    <ComboBox
      className="field"
      defaultItems={zones}
      selectedKey={timeZone}
      onSelectionChange={(key) => {
        if (key !== null) setPreferences({ timeZone: String(key) });
      }}
    >
      <Label>Time zone</Label>
      <div className="filter-combo">
        <Input className="input" />
        <Button className="button quiet icon" aria-label="All time zones">
          <Icon name="down" />
        </Button>
      </div>
      <p className="muted filter-hint">{offsetName(timeZone, at)}</p>
      <Popover className="popover filter-suggestions">
        <ListBox aria-label="Time zones">
          {({ id }: { id: string }) => (
            <ListBoxItem id={id} textValue={id} className="option">
              {id} {id === browserZone && <span className="muted">this browser</span>}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
