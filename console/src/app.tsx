import { Fragment, lazy, Suspense, useRef, type ReactNode } from 'react';
import { ApiError } from './api/api-error';
import { useAccessKey } from './api/key';
import { useNewestTime } from './api/newest';
import { useReachable } from './api/reachable';
import { useTypeCounts } from './api/type-counts';
import { useViewer } from './api/viewer';
import { ErrorBoundary } from './design/error-boundary';
import { useKeptFocus } from './design/use-kept-focus';
import { ExplorePage } from './explore/explore-page';
import { Header } from './header/header';
import { UnreadableAddress } from './header/unreadable-address';
import { SignIn } from './sign-in/sign-in';
import { useLocation } from './state/location';
import './app.css';

const SessionsPage = lazy(() =>
  import('./sessions/sessions-page').then(({ SessionsPage }) => ({ default: SessionsPage })),
);

const FirstMinute = lazy(() =>
  import('./first-minute/first-minute').then(({ FirstMinute }) => ({ default: FirstMinute })),
);

/** The frame of the pages `/` and `/sessions`. `/graphiql` is a page of its own: see graphiql/main.tsx. */
export function App() {
  const { path } = useLocation();
  const isReachable = useReachable();
  const main = useRef<HTMLElement>(null);
  useKeptFocus(main);
  return (
    <div className="app">
      <Header path={path} />
      <div className="app-notices">
        {!isReachable && (
          <p className="app-offline" role="alert">
            The server does not answer. Check that it runs and that this computer reaches it. The page goes on
            by itself as soon as it does.
          </p>
        )}
        <UnreadableAddress />
      </div>
      <main className="app-main" ref={main} tabIndex={-1}>
        <ErrorBoundary key={path}>
          <Suspense fallback={null}>
            <Door>{path === '/sessions' ? <SessionsPage /> : <ExplorePage />}</Door>
          </Suspense>
        </ErrorBoundary>
      </main>
    </div>
  );
}

/** Shows its children to a reader who may read, if there is anything to read; otherwise how to get there. */
function Door({ children }: { children: ReactNode }) {
  const key = useAccessKey();
  const { data: viewer, error } = useViewer();
  const newestTime = useNewestTime();
  useTypeCounts(Boolean(viewer?.scopes.includes('READ') && newestTime));
  if (error instanceof ApiError && error.code === 'UNAUTHENTICATED') {
    return <SignIn reason={key === null ? undefined : 'This key is revoked or expired.'} />;
  }
  if (viewer && !viewer.scopes.includes('READ')) {
    const key = viewer.name ? `The key “${viewer.name}”` : 'This key';
    return <SignIn reason={`${key} may not read. Use a key with the scope read.`} />;
  }
  if (newestTime === null) return <FirstMinute />;
  // What is in memory was read with this key.
  return <Fragment key={key}>{children}</Fragment>;
}
