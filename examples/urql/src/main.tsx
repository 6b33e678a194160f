import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider } from 'urql';
import { client } from './client';
import { Entries } from './entries';
import { Recorder } from './recorder';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Provider value={client}>
      <h1>What ABC123XYZ did</h1>
      <Recorder userId="ABC123XYZ" />
      <Entries userId="ABC123XYZ" />
    </Provider>
  </StrictMode>,
);
