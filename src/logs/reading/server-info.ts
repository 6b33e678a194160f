import { limits } from '../model/limits';

export interface ServerInfoOptions {
  readonly version: string;
  /** Most entries of one field `logs`. */
  readonly maxLogsResult: number;
  /** Most bytes of a request body. */
  readonly maxRequestBytes: number;
  /** Days after which entries are erased; undefined: never. */
  readonly retentionDays: number | undefined;
}

export type ServerInfo = ReturnType<typeof createServerInfo>;

/** The answer to `serverInfo`. */
export function createServerInfo(options: ServerInfoOptions) {
  const { version, maxLogsResult, maxRequestBytes, retentionDays } = options;
  return {
    version,
    limits: { ...limits, maxLogsResult, maxRequestBytes },
    retentionDays: retentionDays ?? null,
  };
}
