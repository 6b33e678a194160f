import { toConfig } from './src/config/config';
import { readEnvironment } from './src/config/environment';
import { createWriter } from './src/storage/sqlite/data-source';

/** For the TypeORM command line: `npx typeorm migration:show -d dist/ormconfig.js` after `npm run build`. */
export default createWriter(toConfig(readEnvironment(process.env)).database.file);
