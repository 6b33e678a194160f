import { lazy, Suspense } from 'react';
import { Header } from './header/header';
import { ExplorePage } from './explore/explore-page';
import { useLocation } from './state/location';
import './app.css';

const SessionsPage = lazy(() =>
  import('./sessions/sessions-page').then(({ SessionsPage }) => ({ default: SessionsPage })),
);

/** The frame of the pages `/` and `/sessions`. `/graphiql` is a page of its own: see graphiql/main.tsx. */
export function App() {
  const { path } = useLocation();
  return (
    <div className="app">
      <Header path={path} />
      <main className="app-main">
        <Suspense fallback={null}>{path === '/sessions' ? <SessionsPage /> : <ExplorePage />}</Suspense>
      </main>
    </div>
  );
}
