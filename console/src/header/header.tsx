import type { MouseEvent } from 'react';
import { navigate } from '../state/location';

const pages = [
  { path: '/', name: 'Explore' },
  { path: '/sessions', name: 'Sessions' },
] as const;

/** What stands above every page. */
export function Header({ path }: { path: string }) {
  return (
    <header className="app-header">
      <span className="app-name">Log Manager</span>
      <nav className="app-nav" aria-label="Pages">
        {pages.map((page) => (
          <a
            key={page.path}
            href={page.path}
            aria-current={path === page.path ? 'page' : undefined}
            onClick={(event) => follow(event, page.path)}
          >
            {page.name}
          </a>
        ))}
        <a href="/graphiql">Try it</a>
      </nav>
    </header>
  );
}

/** Follows a link inside the page, unless the reader wants a new tab or window. */
export function follow(event: MouseEvent, href: string): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  navigate(href);
}
