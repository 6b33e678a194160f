import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The summary of a session, updated in the same commit as its entries. Instants as in LogEntry. */
@Entity({ name: 'session', withoutRowid: true })
@Index('session_started', ['startedAt'])
export class Session {
  @PrimaryColumn('text', { name: 'session_id' }) sessionId!: string;
  @PrimaryColumn('text', { name: 'user_id' }) userId!: string;
  /** The time of its first entry. */
  @Column('integer', { name: 'started_at' }) startedAt!: number;
  /** The time of its last entry. */
  @Column('integer', { name: 'ended_at' }) endedAt!: number;
  @Column('integer', { name: 'entry_count' }) entryCount!: number;
}
