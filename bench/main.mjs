// Runs the bench. Its packages are installed first, so modules that need them are imported afterwards.
import { install } from './install.mjs';

install();
const { run } = await import('./run.mjs');
await run(process.argv.slice(2));
