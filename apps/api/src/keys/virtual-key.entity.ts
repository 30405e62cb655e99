import type { LossMode } from '#translation';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../database/bigint-column.decorator.js';

/** A key that this gateway gave out. Revoked keys stay, because the log speaks of them. */
@Entity('virtual_keys')
export class VirtualKey {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Column({ type: 'varchar', length: 100 })
  name!: string;

  @Column({ type: 'varchar', length: 12 })
  prefix!: string;

  /** SHA-256 of the secret, in hex: enough for 256 random bits. The secret itself is stored nowhere. */
  @Index('ux_virtual_keys_hash', { unique: true })
  @Column({ type: 'varchar', length: 64 })
  hash!: string;

  @Column({ type: 'boolean' })
  isEnabled!: boolean;

  @Column({ type: 'boolean' })
  isPrivate!: boolean;

  /** What to do with what a target cannot carry; null = as the route says. */
  @Column({ type: 'varchar', length: 8, nullable: true })
  lossMode!: LossMode | null;

  /** May the gateway fetch images and files by URL for targets that take bytes alone? */
  @Column({ type: 'boolean', default: () => 'false' })
  mayFetchUrls!: boolean;

  @Column({ type: 'simple-json', nullable: true })
  allowedRoutes!: string[] | null;

  @Column({ type: 'integer', nullable: true })
  requestsPerMinute!: number | null;

  @Column({ type: 'integer', nullable: true })
  maxConcurrent!: number | null;

  @BigintColumn({ nullable: true })
  budgetNanos!: number | null;

  @Column({ type: 'varchar', length: 8 })
  budgetWindow!: 'total' | 'day' | 'month';

  /** What it may spend where a local model was to answer; null = as much as its budget allows. */
  @BigintColumn({ nullable: true })
  fallbackBudgetNanos!: number | null;

  @Column({ type: 'varchar', length: 8, default: 'month' })
  fallbackBudgetWindow!: 'total' | 'day' | 'month';

  @BigintColumn({ nullable: true })
  expiresAt!: number | null;

  @BigintColumn({ nullable: true })
  lastUsedAt!: number | null;

  @BigintColumn()
  createdAt!: number;

  @BigintColumn({ nullable: true })
  revokedAt!: number | null;
}
