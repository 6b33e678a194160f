import type { DataSource } from 'typeorm';
import { createDataSource } from './data-source';

export async function destroy(dataSource: DataSource): Promise<void> {
  if (dataSource.isInitialized) await dataSource.destroy();
}

/**
 * Works on a connection that is closed afterwards. If BEGIN is not answered in time, TypeORM returns the
 * connection to the pool, where BEGIN may still be executed: no commit may use such a connection.
 */
export async function withOwnConnection<Result>(
  url: string,
  work: (dataSource: DataSource) => Promise<Result>,
): Promise<Result> {
  const dataSource = createDataSource({ url, poolSize: 1 });
  try {
    await dataSource.initialize();
    return await work(dataSource);
  } finally {
    await destroy(dataSource);
  }
}
