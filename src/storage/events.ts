/** What storage reports to the server. */
export interface StorageEvents {
  /** Called with an error that storage recovers from by itself. */
  readonly onWarning: (error: unknown, message: string) => void;
  /** Called when reads start to go to the replica, and when they stop. PostgreSQL only. */
  readonly onReplicaChange: (isUsable: boolean) => void;
  /** Undefined: the lane reports nothing. */
  readonly lane?: LaneObserver;
}

/** What the lane of expensive reads reports. */
export interface LaneObserver {
  /** Called with the number of reads that wait whenever it changes. */
  readonly onWaiting: (count: number) => void;
  /** Called with the milliseconds that a read has waited. */
  readonly onStarted: (waitedMs: number) => void;
  /**
   * `share`: too many reads of the client wait. `overload`: its turn would come too late. `deadline`: its turn came too
   * late, or left too little time.
   */
  readonly onRefused: (reason: 'share' | 'overload' | 'deadline') => void;
}
