import { Column, Entity, Index } from 'typeorm';
import { BigintColumn, PrimaryBigintColumn } from '../database/bigint-column.decorator.js';

const milliseconds = { type: 'double precision', nullable: true } as const;
const shortText = { type: 'varchar', length: 40 } as const;

/**
 * One inference request, written once when its reply has closed. Ids grow with time, so the newest rows are at the
 * end and there is no index on the time. Every further index costs every request.
 */
@Entity('request_logs')
@Index('ix_request_logs_key_id', ['keyId', 'id'])
export class RequestLog {
  @PrimaryBigintColumn()
  id!: number;

  /** The run of the gateway that wrote the row. */
  @Column({ type: 'varchar', length: 36 })
  bootId!: string;

  @BigintColumn()
  createdAt!: number;

  @Column({ type: 'varchar', length: 36, nullable: true })
  keyId!: string | null;

  /** As it was then. */
  @Column({ type: 'varchar', length: 100, nullable: true })
  keyName!: string | null;

  @Column(shortText)
  protocol!: string;

  @Column({ type: 'text', nullable: true })
  requestedModel!: string | null;

  @Column({ type: 'varchar', length: 127, nullable: true })
  routeName!: string | null;

  @Column({ type: 'boolean' })
  isStream!: boolean;

  @Column({ type: 'integer', nullable: true })
  status!: number | null;

  @Column(shortText)
  outcome!: string;

  @Column({ ...shortText, nullable: true })
  errorCode!: string | null;

  @Column({ type: 'text', nullable: true })
  errorMessage!: string | null;

  /** Why the first target of the plan did not serve; null when it did. */
  @Column({ ...shortText, nullable: true })
  fallbackReason!: string | null;

  /** How the first local target stood when the request came; null when the route has none. */
  @Column({ ...shortText, nullable: true })
  localState!: string | null;

  @Column({ ...shortText, nullable: true })
  servedKind!: string | null;

  @Column({ type: 'text', nullable: true })
  servedBy!: string | null;

  @Column({ type: 'text', nullable: true })
  servedModel!: string | null;

  @Column({ type: 'integer' })
  attemptCount!: number;

  @Column(milliseconds)
  queueMs!: number | null;

  @Column(milliseconds)
  loadMs!: number | null;

  @Column(milliseconds)
  firstTokenMs!: number | null;

  @Column(milliseconds)
  totalMs!: number | null;

  @BigintColumn({ nullable: true })
  inputTokens!: number | null;

  @BigintColumn({ nullable: true })
  outputTokens!: number | null;

  @BigintColumn({ nullable: true })
  cacheReadTokens!: number | null;

  @BigintColumn({ nullable: true })
  cacheWriteTokens!: number | null;

  @BigintColumn({ nullable: true })
  reasoningTokens!: number | null;

  @BigintColumn({ nullable: true })
  costNanos!: number | null;

  @Column(shortText)
  costStatus!: string;

  /** JSON array of `{ code, path, detail }`; null stands for an empty one. */
  @Column({ type: 'text', nullable: true })
  warnings!: string | null;
}
