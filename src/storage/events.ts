/** What storage reports to the server. */
export interface StorageEvents {
  /** Called with an error that storage recovers from by itself. */
  readonly onWarning: (error: unknown, message: string) => void;
  /** Called when reads start to go to the replica, and when they stop. PostgreSQL only. */
  readonly onReplicaChange: (isUsable: boolean) => void;
}
