import { createDeletion, type Deletion } from './erasing/deletion';
import type { LogEntryRepository } from './log-entry-repository';
import { createServerInfo, type ServerInfo, type ServerInfoOptions } from './reading/server-info';
import { createRecorder, type Recorder, type RecorderOptions } from './recording/recorder';

/** What resolvers and REST routes call. The functions of reading/ take the repository. */
export interface Services {
  readonly repository: LogEntryRepository;
  readonly recorder: Recorder;
  readonly deletion: Deletion;
  readonly serverInfo: ServerInfo;
}

/** Options of {@link createServices}. */
export interface ServicesOptions extends RecorderOptions, ServerInfoOptions {
  /** Called with the number of entries that a mutation erased. */
  readonly onErased: (count: number) => void;
}

/** Creates the services of a server over one repository. */
export function createServices(options: ServicesOptions): Services {
  const { repository } = options;
  return {
    repository,
    recorder: createRecorder(options),
    deletion: createDeletion(repository, options.onErased),
    serverInfo: createServerInfo(options),
  };
}
