import type { ChangeStore } from '../../../logs/change-store';
import { createChangeReads } from '../../changes';
import type { ReadExecutor } from '../../reads';
import type { Pool } from '../pool';
import { createEpoch } from './epoch';
import { createErasures } from './erasures';
import type { createHorizon } from './horizon';
import { selectEnd, selectPage } from './page';

export interface PostgresChangesOptions {
  /** The connections to the primary that no expensive read can take. */
  readonly writes: Pool;
  readonly executor: Pick<ReadExecutor, 'all'>;
  readonly horizon: ReturnType<typeof createHorizon>;
}

/** The feed of a PostgreSQL database: see docs/adr/0013. */
export function createPostgresChanges({ writes, executor, horizon }: PostgresChangesOptions): ChangeStore {
  return {
    ...createChangeReads({ page: selectPage, end: selectEnd }, executor),
    ...createErasures(writes),

    watch: horizon.watch,
    lagSeconds: horizon.lagSeconds,

    async renewEpoch(): Promise<string> {
      const epoch = createEpoch();
      await writes.commit({ sql: 'UPDATE feed SET epoch = $1', values: [epoch] });
      return epoch;
    },
  };
}
