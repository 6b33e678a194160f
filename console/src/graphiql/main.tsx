import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from '../api/api-error';
import { useAccessKey } from '../api/key';
import { queries } from '../api/queries';
import { useViewer } from '../api/viewer';
import { ErrorBoundary } from '../design/error-boundary';
import { Header } from '../header/header';
import { SignIn } from '../sign-in/sign-in';
import '../design/base.css';
import '../app.css';

const TryIt = lazy(() => import('./try-it').then(({ TryIt }) => ({ default: TryIt })));

/** The page `/graphiql`. Keys with any scope may use it. */
function GraphiqlPage() {
  const key = useAccessKey();
  const { error } = useViewer();
  const isRefused = error instanceof ApiError && error.code === 'UNAUTHENTICATED';
  return (
    <div className="app">
      <Header path="/graphiql" />
      <main className="app-main">
        {isRefused ? (
          <SignIn reason={key === null ? undefined : 'This key is revoked or expired.'} />
        ) : (
          <ErrorBoundary>
            <Suspense fallback={null}>
              <h1 className="visually-hidden">Try it</h1>
              <TryIt />
            </Suspense>
          </ErrorBoundary>
        )}
      </main>
    </div>
  );
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <GraphiqlPage />
    </QueryClientProvider>
  </StrictMode>,
);
