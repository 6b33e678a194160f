import { useEffect, useState } from 'react';
import { Button } from './button';

interface CopyButtonProps {
  readonly text: string | (() => string);
  readonly label?: string;
  /** Added to the label for screen readers, where several buttons have the same label. */
  readonly name?: string;
}

/** Copies a text, and says so for two seconds. */
export function CopyButton({ text, label = 'Copy', name }: CopyButtonProps) {
  const [state, setState] = useState<'ready' | 'copied' | 'failed'>('ready');
  useEffect(() => {
    if (state === 'ready') return;
    const timer = setTimeout(() => setState('ready'), 2_000);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () =>
    copyText(typeof text === 'string' ? text : text()).then(
      () => setState('copied'),
      () => setState('failed'),
    );
  return (
    <Button kind="quiet" onPress={() => void copy()}>
      <span aria-live="polite">
        {{ ready: label, copied: 'Copied', failed: 'Select and copy by hand' }[state]}
      </span>
      {name && <span className="visually-hidden">{name}</span>}
    </Button>
  );
}

/** Browsers offer `navigator.clipboard` to https and loopback only; elsewhere a selection is copied. */
export async function copyText(text: string): Promise<void> {
  if (window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  if (!isCopied) throw new Error('The browser did not copy.');
}
