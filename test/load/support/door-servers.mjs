// Two servers in one process, for door-cost.test.ts: one as it is built, the other without door and CORS. Forked with the
// URL of a database and the text of a key in it; sends the ports, and its CPU time whenever it gets a message.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import 'reflect-metadata';

const require = createRequire(import.meta.url);
const root = join(import.meta.dirname, '..', '..', '..');
const dist = join(root, 'dist', 'src');
const { openPrincipal } = require(join(dist, 'logs', 'access', 'principal.js'));

const cors = require.resolve('@fastify/cors');
require(cors);
const realCors = require.cache[cors].exports;

/** Loads the server anew, and starts it on any port. */
async function start(isGuarded, env) {
  for (const path of Object.keys(require.cache)) {
    if (path.startsWith(join(dist, 'http')) || path === join(dist, 'app.js')) delete require.cache[path];
  }
  require.cache[cors].exports = isGuarded ? realCors : (_app, _options, done) => done();
  if (!isGuarded) {
    require(join(dist, 'http', 'auth', 'door.js')).addDoor = (app) =>
      app.decorateRequest('principal', { getter: () => openPrincipal });
  }
  const { createApp } = require(join(dist, 'app.js'));
  const { readConfig } = require(join(dist, 'config', 'config.js'));
  const { createLogger } = require(join(dist, 'telemetry', 'logger.js'));
  const app = await createApp(readConfig(env), createLogger('fatal'));
  const [address] = await app.start();
  return Number(address.split(':').at(-1));
}

const [, , url] = process.argv;
const env = { PORT: '0', DATABASE_URL: url, RATE_LIMIT_PER_SECOND: '1000000', RATE_LIMIT_BURST: '1000000' };
const ports = [await start(false, env), await start(true, env)];
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send(user + system);
});
process.send(ports);
