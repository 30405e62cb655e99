import { Column, Entity, Index } from 'typeorm';
import { BigintColumn, PrimaryBigintColumn } from '../database/bigint-column.decorator.js';

const milliseconds = { type: 'double precision', nullable: true } as const;
const shortText = { type: 'varchar', length: 40 } as const;

/** The attempts that a run which died may have left open: a handful of rows, so the index stays one page. */
const openAttempts = "state IN ('reserved', 'dispatched')";

/** One dispatch to one target. */
@Entity('attempts')
@Index('ix_attempts_request_id', ['requestId'])
@Index('ix_attempts_open', ['bootId'], { where: openAttempts })
export class Attempt {
  @PrimaryBigintColumn()
  id!: number;

  @BigintColumn()
  requestId!: number;

  @Column({ type: 'varchar', length: 36, nullable: true })
  keyId!: string | null;

  /** The run of the gateway that made the attempt. */
  @Column({ type: 'varchar', length: 36 })
  bootId!: string;

  @Column({ type: 'integer' })
  position!: number;

  @Column(shortText)
  kind!: string;

  @Column({ type: 'text' })
  label!: string;

  @Column({ type: 'text', nullable: true })
  upstreamModel!: string | null;

  @BigintColumn()
  startedAt!: number;

  @BigintColumn({ nullable: true })
  reservedNanos!: number | null;

  @Column({ type: 'text', nullable: true })
  priceSource!: string | null;

  @Column(shortText)
  state!: string;

  @Column(shortText)
  outcome!: string;

  @Column({ ...shortText, nullable: true })
  errorCode!: string | null;

  @Column({ type: 'text', nullable: true })
  errorMessage!: string | null;

  /** Why it was not used, or was left for another target: a code of `common/reason-codes.ts`. */
  @Column({ ...shortText, nullable: true })
  reasonCode!: string | null;

  @Column({ type: 'integer', nullable: true })
  httpStatus!: number | null;

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

  @Column({ type: 'varchar', length: 64, nullable: true })
  instanceId!: string | null;

  /** Null for what an older version has sent. */
  @Column({ type: 'varchar', length: 36, nullable: true })
  routeId!: string | null;

  /** When money was set aside for it; null when none was. */
  @BigintColumn({ nullable: true })
  reservedAt!: number | null;

  /** Was it paid for by a route that has a local target? */
  @Column({ type: 'boolean', nullable: true })
  isSpillover!: boolean | null;

  /** JSON; null when nothing was lost. */
  @Column({ type: 'text', nullable: true })
  warnings!: string | null;
}
