import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What was recorded under a key, kept in the same commit as the entries. Neither digest holds any of the client's text. */
@Entity({ name: 'idempotency_key' })
@Index('idempotency_key_received', ['receivedAt'])
export class IdempotencyKey {
  /** A digest of the key. */
  @PrimaryColumn({ type: 'text', collation: 'C' })
  key!: string;

  /** A digest of the session that came with it. */
  @Column({ type: 'text', collation: 'C' })
  digest!: string;

  /** The id of the session's first entry. */
  @Column('bigint', { name: 'first_id' })
  firstId!: string;

  @Column('timestamptz', { name: 'received_at' })
  receivedAt!: string;

  /** Written at each replay: so that a replay is acknowledged by a commit, which waits for the standbys as others do. */
  @Column('bigint', { name: 'replay_count' })
  replayCount!: string;
}
