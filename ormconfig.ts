import { toConfig } from './src/config/config';
import { readEnvironment } from './src/config/environment';
import { createMigrationSource } from './src/storage/database';

/** For the TypeORM command line: `npm run build && npx typeorm migration:show -d dist/ormconfig.js`. */
export default createMigrationSource(toConfig(readEnvironment(process.env)).database);
