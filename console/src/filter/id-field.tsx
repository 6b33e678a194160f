import { useState } from 'react';
import { FieldError, Input, Label, TextField } from 'react-aria-components';
import { Button } from '../design/button';
import { Icon } from '../design/icon';

const maxLength = 256;

/** A field for a user's or a session's id. Enter, or leaving the field, filters by it. */
export function IdField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  const [text, setText] = useState(value ?? '');
  const [shown, setShown] = useState(value);
  if (shown !== value) {
    // The address changed: by back and forward, or by a value chosen in the table.
    setShown(value);
    setText(value ?? '');
  }
  // The server counts code points.
  const isTooLong = Array.from(text.trim()).length > maxLength;
  const commit = (next: string): void => {
    // An id may begin or end with a space, and a field shows no line breaks.
    if (next === (value ?? '')) return;
    const trimmed = next.trim() || undefined;
    if (!isTooLong && trimmed !== value) onChange(trimmed);
  };
  return (
    <TextField className="filter-id" value={text} onChange={setText} isInvalid={isTooLong}>
      <div className="filter-id-box" data-set={value !== undefined || undefined}>
        <Label>{label}</Label>
        <Input
          placeholder="any"
          spellCheck="false"
          autoComplete="off"
          autoCapitalize="off"
          onKeyDown={(event) => {
            if (event.key === 'Enter') commit(text);
            if (event.key === 'Escape') setText(value ?? '');
          }}
          onBlur={() => commit(text)}
        />
        {value !== undefined && (
          <Button
            kind="quiet icon"
            aria-label={`Clear ${label.toLowerCase()}`}
            onPress={() => {
              setText('');
              onChange(undefined);
            }}
          >
            <Icon name="close" />
          </Button>
        )}
      </div>
      <FieldError className="filter-error">An id has at most {maxLength} characters.</FieldError>
    </TextField>
  );
}
