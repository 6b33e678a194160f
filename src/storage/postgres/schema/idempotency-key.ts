import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A session with an idempotency key, stored in the same commit. Neither digest holds text of the client. */
@Entity({ name: 'idempotency_key' })
@Index('idempotency_key_received', ['receivedAt'])
export class IdempotencyKey {
  /** Digest of the idempotency key. */
  @PrimaryColumn({ type: 'text', collation: 'C' }) key!: string;
  /** Digest of the session. */
  @Column({ type: 'text', collation: 'C' }) digest!: string;
  /** Id of the session's first entry. */
  @Column('bigint', { name: 'first_id' }) firstId!: string;
  @Column('timestamptz', { name: 'received_at' }) receivedAt!: string;
  /** Number of replays. Writing it makes a replay a commit, which waits for standbys. */
  @Column('bigint', { name: 'replay_count' }) replayCount!: string;
}
