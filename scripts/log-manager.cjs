// The `log-manager` command in a clone: npm run log-manager -- backup <file>
require('./thread-pool.cjs');

void import('./setup.mjs').then(() => import('../dist/src/cli/main.js'));
