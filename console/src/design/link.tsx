import type { AnchorHTMLAttributes } from 'react';
import { follow } from '../header/header';

/** A link to another state of this page, which does not load the page anew. */
export function Link({ href, ...props }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  return <a {...props} href={href} onClick={(event) => follow(event, href)} />;
}
