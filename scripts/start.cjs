// Starts the server in this process. package.json calls it with `exec`, so that signals to `npm start` reach
// the server: npm forwards them to its shell only.
require('./thread-pool.cjs');

async function start() {
  const { refuseArguments } = await import('./arguments.mjs');
  refuseArguments(`Usage: npm start

Installs what is missing, builds, and starts the Log Manager server.
Its settings are environment variables: docs/configuration.md.
Commands such as backup: npm run log-manager -- --help`);
  await import('./setup.mjs');
  await import('../dist/src/main.js');
}

void start();
