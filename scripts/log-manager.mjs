// The `log-manager` command, from a clone: npm run log-manager -- backup <file>
await import('./setup.mjs');
await import('../dist/src/cli/main.js');
