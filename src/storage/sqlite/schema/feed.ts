import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The one row of the feed. */
@Entity({ name: 'feed', withoutRowid: true })
export class Feed {
  /** A random text, which identifies the database; cursors of another epoch are refused. */
  @PrimaryColumn('text') epoch!: string;
}

/** A notice of an erasure on request. */
@Entity({ name: 'erasure' })
export class Erasure {
  /** Of the same sequence as the ids of entries. */
  @PrimaryColumn('integer') id!: number;
  @Column('text', { name: 'user_id' }) userId!: string;
  /** Null: all sessions of the user. */
  @Column('text', { name: 'session_id', nullable: true }) sessionId!: string | null;
  /** As in LogEntry. */
  @Column('integer', { name: 'erased_at' }) erasedAt!: number;
  /** 1 when the entries before it are erased; 0 until then. */
  @Column('integer', { name: 'is_finished' }) isFinished!: number;
}
