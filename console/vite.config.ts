import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

/** Where `npm run dev` finds a server; `npm start` at the project's root starts one. */
const server = process.env['LOG_MANAGER_URL'] ?? 'http://127.0.0.1:4000';

/** Leaves out GraphiQL's fonts: 350 KB of data: URLs, which need an exception in the Content-Security-Policy. */
const withoutFonts: Plugin = {
  name: 'without-fonts',
  enforce: 'pre',
  transform(code, id) {
    return id.endsWith('/graphiql/dist/style.css') ? code.replace(/@font-face\s*\{[^}]*\}/g, '') : undefined;
  },
};

export default defineConfig({
  plugins: [react(), withoutFonts],
  resolve: {
    alias: {
      'react-style-singleton': fileURLToPath(new URL('src/graphiql/style-singleton.ts', import.meta.url)),
    },
  },
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
