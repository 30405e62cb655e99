import type { LossMode } from '#translation';
import { Column, Entity, Index, OneToMany, PrimaryColumn, type Relation } from 'typeorm';
import { BigintColumn } from '../database/bigint-column.decorator.js';
import { RouteTarget } from './route-target.entity.js';

/** A public model name and what stands behind it. */
@Entity('model_routes')
export class ModelRoute {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Index('ux_model_routes_name', { unique: true })
  @Column({ type: 'varchar', length: 127 })
  name!: string;

  @Column({ type: 'varchar', length: 8 })
  cloud!: 'never' | 'allow' | 'prefer';

  @Column({ type: 'boolean' })
  isPrivate!: boolean;

  /** What to do with what a target cannot carry. */
  @Column({ type: 'varchar', length: 8, default: 'warn' })
  lossMode!: LossMode;

  @Column({ type: 'boolean' })
  isEnabled!: boolean;

  /** How long a provider may take to its first byte, or null for the gateway's own limit. */
  @BigintColumn({ nullable: true })
  firstByteTimeoutMs!: number | null;

  @Column({ type: 'varchar', length: 16, default: 'wait' })
  whenCold!: 'wait' | 'cloud-then-warm' | 'fail';

  /** How long a caller waits for a local model at most, or null for what it says itself. */
  @Column({ type: 'integer', nullable: true })
  maxWaitMs!: number | null;

  /** When a stream that still waits is begun, after which no other target can serve it; null = the gateway's own. */
  @Column({ type: 'integer', nullable: true })
  commitAfterMs!: number | null;

  /** When the next target is asked beside a local one that has not begun; null = never. */
  @Column({ type: 'integer', nullable: true })
  hedgeAfterMs!: number | null;

  /** What its paid targets may cost together in a window; null = as much as the budgets of the keys allow. */
  @BigintColumn({ nullable: true })
  fallbackBudgetNanos!: number | null;

  @Column({ type: 'varchar', length: 8, default: 'month' })
  fallbackBudgetWindow!: 'total' | 'day' | 'month';

  @OneToMany(() => RouteTarget, (target) => target.route)
  targets!: Relation<RouteTarget>[];

  @BigintColumn()
  createdAt!: number;

  @BigintColumn()
  updatedAt!: number;
}
