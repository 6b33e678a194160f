import { readConfig } from './src/config/config';
import { createMigrationSource } from './src/storage/database';

/** For the TypeORM command line: `npm run build && npx typeorm migration:show -d dist/ormconfig.js`. */
export default createMigrationSource(readConfig(process.env).database);
