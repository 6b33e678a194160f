import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An action with its user and session. The table is partitioned by month of `time`. */
@Entity({ name: 'log_entry' })
@Index('log_entry_user_time', ['userId', 'time', 'id'])
@Index('log_entry_type_time', ['type', 'time', 'id'])
@Index('log_entry_session_time', ['sessionId', 'time', 'id'])
@Index('log_entry_commit', ['commitId', 'id'])
export class LogEntry {
  /** As text: a Date drops microseconds. */
  @PrimaryColumn('timestamptz') time!: string;
  /** Ascending in the order of recording, never reused; up to 2^53-1. */
  @PrimaryColumn('bigint') id!: string;
  @Column({ type: 'text', collation: 'C' }) type!: string;
  @Column('jsonb') properties!: object;
  @Column({ type: 'text', name: 'user_id', collation: 'C' }) userId!: string;
  @Column({ type: 'text', name: 'session_id', collation: 'C' }) sessionId!: string;
  /** When the server committed it. */
  @Column('timestamptz', { name: 'received_at' }) receivedAt!: string;
  /** The id of the transaction plus the offset of the epoch; 0 for entries from before the feed. */
  @Column('bigint', { name: 'commit_id' }) commitId!: string;
}
