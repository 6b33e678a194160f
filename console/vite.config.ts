import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev` finds a server; `npm start` at the project's root starts one. */
const server = process.env['LOG_MANAGER_URL'] ?? 'http://127.0.0.1:4000';

export default defineConfig({
  plugins: [react()],
  build: {
    // Both pages are served by the API server: `/` and `/sessions` by index.html, `/graphiql` by graphiql.html.
    rollupOptions: { input: ['index.html', 'graphiql.html'] },
    target: 'es2022',
    // A data: URL would need its own exception in the Content-Security-Policy.
    assetsInlineLimit: 0,
    // The polyfill is an inline script in old browsers, which the Content-Security-Policy refuses.
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '/graphql': { target: server, ws: true, changeOrigin: true },
      '/logs': { target: server, changeOrigin: true },
    },
  },
});
