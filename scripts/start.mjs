// Serves, in this very process; with `exec` before it, a signal sent to `npm start` reaches the server, as npm hands it
// on to its shell only.
await import('./setup.mjs');
await import('../dist/src/main.js');
