// PostGraphile on grafserv's adaptor for node:http, set up as its documentation advises for production.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import pg from 'pg';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { reportUrl } from './process.mjs';
import './with-resolvers.mjs';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
await pool.query(readFileSync(new URL('postgraphile.sql', import.meta.url), 'utf8'));

/** Gives fields and types the names of Log Manager. */
const names = {
  name: 'LogManagerNamesPlugin',
  version: '1.0.0',
  inflection: {
    replace: {
      builtin: (previous, _options, name) => (name === 'Datetime' ? 'DateTime' : previous(name)),
      customQueryListField: (_previous, _options, { resource }) => resource.name,
    },
  },
};

const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  plugins: [names],
  pgServices: [makePgService({ pool, schemas: ['public'] })],
  grafserv: { graphiql: false, watch: false, outputDataAsString: true },
  grafast: { explain: false },
});
const server = createServer();
const serv = instance.createServ(grafserv);
await serv.addTo(server);
await instance.getSchema();
server.listen(Number(process.env.PORT), '127.0.0.1', () =>
  reportUrl(server.address().port, () => instance.release()),
);
