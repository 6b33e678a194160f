import { createLane } from '../lane';
import type { Connection, Query } from './connection';

/** Provisional. */
export interface Writer {
  write<Row>(query: Query): Promise<Row[]>;
  exclusive<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export function createWriterOf(connection: Connection): Writer {
  const lane = createLane(1, 60_000);
  return {
    write: (query) => lane.run(() => connection.all(query)),
    exclusive: (work) => lane.run(() => work(connection)),
    close: () => connection.close(),
  };
}
