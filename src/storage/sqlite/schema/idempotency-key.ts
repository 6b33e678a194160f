import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A session recorded with an idempotency key, in the same commit. No column holds text of the client. */
@Entity({ name: 'idempotency_key', withoutRowid: true })
@Index('idempotency_key_received', ['receivedAt'])
export class IdempotencyKey {
  /** Digest of the idempotency key. */
  @PrimaryColumn('text') key!: string;
  /** Digest of the session. */
  @Column('text') digest!: string;
  /** Id of the session's first entry. */
  @Column('integer', { name: 'first_id' }) firstId!: number;
  /** As in LogEntry. */
  @Column('integer', { name: 'received_at' }) receivedAt!: number;
}
