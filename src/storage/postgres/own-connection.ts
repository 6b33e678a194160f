import type { DataSource } from 'typeorm';
import { createDataSource } from './data-source';

export async function destroy(dataSource: DataSource): Promise<void> {
  if (dataSource.isInitialized) await dataSource.destroy();
}

/**
 * On a connection of its own. When a transaction's BEGIN is not answered in time, TypeORM gives the connection back as if
 * nothing had happened, though BEGIN may still be executed on it: no commit may ever use such a connection.
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
