import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The summary of a session, updated in the same commit as its entries. */
@Entity({ name: 'session' })
@Index('session_user_started', ['userId', 'startedAt', 'sessionId'])
@Index('session_started', ['startedAt', 'sessionId', 'userId'])
export class Session {
  @PrimaryColumn({ type: 'text', name: 'session_id', collation: 'C' }) sessionId!: string;
  @PrimaryColumn({ type: 'text', name: 'user_id', collation: 'C' }) userId!: string;
  /** The time of its first entry; as text, since a Date drops microseconds. */
  @Column('timestamptz', { name: 'started_at' }) startedAt!: string;
  /** The time of its last entry. */
  @Column('timestamptz', { name: 'ended_at' }) endedAt!: string;
  @Column('bigint', { name: 'entry_count' }) entryCount!: string;
}
