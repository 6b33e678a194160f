import { useContext, useEffect, useEffectEvent } from 'react';
import {
  ComboBox,
  ComboBoxStateContext,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
} from 'react-aria-components';

/** A field for any text, with suggestions below it. */
export function SuggestField({
  label,
  value,
  onChange,
  suggestions,
  error,
  placeholder,
  autoFocus,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  suggestions: readonly string[];
  error?: string | undefined;
  placeholder?: string;
  autoFocus?: boolean;
}) {
  return (
    <ComboBox
      className="field"
      allowsCustomValue
      menuTrigger="focus"
      inputValue={value}
      onInputChange={onChange}
      defaultItems={suggestions.map((text) => ({ text }))}
      isInvalid={error !== undefined}
    >
      <Label>{label}</Label>
      <SuggestInput placeholder={placeholder} autoFocus={autoFocus} />
      <FieldError className="filter-error">{error}</FieldError>
      <Popover className="popover filter-suggestions">
        <ListBox aria-label={`Suggestions for ${label.toLowerCase()}`}>
          {({ text }: { text: string }) => (
            <ListBoxItem id={text} textValue={text} className="option filter-clip">
              {text}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}

/** The text of a field. The suggestions open as soon as it has the focus, and again by a press. */
function SuggestInput({
  placeholder,
  autoFocus,
}: {
  placeholder: string | undefined;
  autoFocus: boolean | undefined;
}) {
  const state = useContext(ComboBoxStateContext);
  // The first focus comes before there is a list to open.
  const openFirst = useEffectEvent(() => state?.open(null, 'focus'));
  useEffect(() => {
    if (!autoFocus) return;
    const timer = setTimeout(openFirst);
    return () => clearTimeout(timer);
  }, [autoFocus]);
  return (
    <Input
      className="input"
      placeholder={placeholder}
      spellCheck="false"
      autoCapitalize="off"
      autoFocus={autoFocus}
      onClick={() => state?.open(null, 'focus')}
    />
  );
}
