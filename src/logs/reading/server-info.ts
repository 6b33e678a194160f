import { limits } from '../model/limits';

export interface ServerInfoOptions {
  readonly version: string;
  /** Maximum number of entries in a result of `logs`. */
  readonly maxLogsResult: number;
  /** Maximum bytes of a request body. */
  readonly maxRequestBytes: number;
  /** Days after which entries are erased; undefined: never. */
  readonly retentionDays: number | undefined;
}

export type ServerInfo = ReturnType<typeof createServerInfo>;

/** Creates the answer to `serverInfo`. */
export function createServerInfo(options: ServerInfoOptions) {
  const { version, maxLogsResult, maxRequestBytes, retentionDays } = options;
  return {
    version,
    limits: { ...limits, maxLogsResult, maxRequestBytes },
    retentionDays: retentionDays ?? null,
  };
}
