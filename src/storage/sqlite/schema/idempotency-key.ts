import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What was recorded under a key, kept in the same commit as the entries. Neither column holds any of the client's text. */
@Entity({ name: 'idempotency_key', withoutRowid: true })
@Index('idempotency_key_received', ['receivedAt'])
export class IdempotencyKey {
  /** A digest of the key. */
  @PrimaryColumn('text')
  key!: string;

  /** A digest of the session that came with it. */
  @Column('text')
  digest!: string;

  /** The id of the session's first entry. */
  @Column('integer', { name: 'first_id' })
  firstId!: number;

  /** As in LogEntry. */
  @Column('integer', { name: 'received_at' })
  receivedAt!: number;
}
