// Measures Log Manager against its peers. What it needs is installed first, so nothing else is imported before that.
import { install } from './install.mjs';

install();
const { run } = await import('./run.mjs');
await run(process.argv.slice(2));
