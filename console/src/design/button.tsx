import { Button as AriaButton, type ButtonProps } from 'react-aria-components';

type Kind = 'plain' | 'primary' | 'danger' | 'quiet' | 'icon' | 'quiet icon';

/** A button. An icon needs `aria-label`. */
export function Button({
  kind = 'plain',
  className,
  ...props
}: Omit<ButtonProps, 'className'> & { kind?: Kind; className?: string }) {
  return <AriaButton {...props} className={`button ${kind === 'plain' ? '' : kind} ${className ?? ''}`} />;
}
