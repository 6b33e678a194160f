import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** An action with its user and session. Instants are integers of microseconds since 1970. */
@Entity({ name: 'log_entry' })
@Index('log_entry_user_time', ['userId', 'time'])
@Index('log_entry_type_time', ['type', 'time'])
@Index('log_entry_time', ['time'])
@Index('log_entry_session_time', ['sessionId', 'time'])
export class LogEntry {
  /** Ascending in the order of recording, never reused. */
  @PrimaryGeneratedColumn('increment', { type: 'integer' }) id!: number;
  @Column('integer') time!: number;
  @Column('text') type!: string;
  /** A JSON object. */
  @Column('text') properties!: string;
  @Column('text', { name: 'user_id' }) userId!: string;
  @Column('text', { name: 'session_id' }) sessionId!: string;
  /** When the server committed it. */
  @Column('integer', { name: 'received_at' }) receivedAt!: number;
}
