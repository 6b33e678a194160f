import type { MouseEvent } from 'react';
import { navigate } from '../state/location';
import { ThemeButton } from './theme-button';
import { ViewerMenu } from './viewer-menu';
import './header.css';

const pages = [
  { path: '/', name: 'Explore', isOwnDocument: false },
  { path: '/sessions', name: 'Sessions', isOwnDocument: false },
  { path: '/graphiql', name: 'Try it', isOwnDocument: true },
] as const;

/**
 * Stands above every page.
 * @param path of the page below it
 */
export function Header({ path }: { path: string }) {
  return (
    <header className="header">
      <a
        className="header-name"
        aria-label="Log Manager"
        href="/"
        onClick={path === '/graphiql' ? undefined : (event) => follow(event, '/')}
      >
        <img src="/favicon.svg" width="24" height="24" alt="" />
        <span>Log Manager</span>
      </a>
      <nav className="header-nav" aria-label="Pages">
        {pages.map((page) => (
          <a
            key={page.path}
            href={page.path}
            aria-current={path === page.path ? 'page' : undefined}
            onClick={
              page.isOwnDocument || path === '/graphiql' ? undefined : (event) => follow(event, page.path)
            }
          >
            {page.name}
          </a>
        ))}
      </nav>
      <div className="header-tools">
        <ViewerMenu />
        <ThemeButton />
      </div>
    </header>
  );
}

/** Follows a link inside the page, unless the reader wants a new tab or window. */
export function follow(event: MouseEvent, href: string): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  navigate(href);
}
