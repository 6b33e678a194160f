import { toConfig } from './src/config/config';
import { readEnvironment } from './src/config/environment';
import { createMigrationSource } from './src/storage/database';

/** For the TypeORM command line: `npx typeorm migration:show -d dist/ormconfig.js` after `npm run build`. */
export default createMigrationSource(toConfig(readEnvironment(process.env)).database);
