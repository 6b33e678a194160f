import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/**
 * One action as a row of its own, with its user and session.
 * Instants are integers of microseconds since 1970; TypeORM hands them over as text where 2^53 is exceeded.
 */
@Entity({ name: 'log_entry' })
@Index('log_entry_user_time', ['userId', 'time'])
@Index('log_entry_type_time', ['type', 'time'])
@Index('log_entry_time', ['time'])
@Index('log_entry_session_time', ['sessionId', 'time'])
export class LogEntry {
  /** Ascending in the order of recording, never used twice. */
  @PrimaryGeneratedColumn('increment', { type: 'integer' })
  id!: number;

  @Column('integer')
  time!: number;

  @Column('text')
  type!: string;

  /** A JSON object. */
  @Column('text')
  properties!: string;

  @Column('text', { name: 'user_id' })
  userId!: string;

  @Column('text', { name: 'session_id' })
  sessionId!: string;

  /** When the server committed it. */
  @Column('integer', { name: 'received_at' })
  receivedAt!: number;
}
