// The `log-manager` command in a clone: npm run log-manager -- backup <file>
await import('./setup.mjs');
await import('../dist/src/cli/main.js');
