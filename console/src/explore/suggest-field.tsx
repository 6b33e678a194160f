import { ComboBox, FieldError, Input, Label, ListBox, ListBoxItem, Popover } from 'react-aria-components';

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
      autoFocus={autoFocus}
    >
      <Label>{label}</Label>
      <Input className="input" placeholder={placeholder} spellCheck="false" autoCapitalize="off" />
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
