// Starts the server in this process. package.json calls it with `exec`, so that signals to `npm start` reach
// the server: npm forwards them to its shell only.
await import('./setup.mjs');
await import('../dist/src/main.js');
