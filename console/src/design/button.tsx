import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps } from 'react-aria-components';

type Kind = 'plain' | 'primary' | 'danger' | 'quiet' | 'icon' | 'quiet icon';

type Props = Omit<ButtonProps, 'className' | 'children'> & {
  readonly kind?: Kind;
  readonly className?: string | undefined;
  readonly children: ReactNode;
};

/** A button. An icon needs `aria-label`, which a pointer that rests on it shows. */
export function Button({ kind = 'plain', className, children, ...props }: Props) {
  const isIcon = kind.endsWith('icon');
  return (
    <AriaButton {...props} className={`button ${kind === 'plain' ? '' : kind} ${className ?? ''}`}>
      {isIcon ? (
        <span className="button-icon" title={props['aria-label']}>
          {children}
        </span>
      ) : (
        children
      )}
    </AriaButton>
  );
}
