import type { ProtocolId, WireProtocolId } from '#translation';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../database/bigint-column.decorator.js';

/** A configured account at an upstream. */
@Entity('providers')
export class Provider {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Index('ux_providers_name', { unique: true })
  @Column({ type: 'varchar', length: 63 })
  name!: string;

  @Column({ type: 'varchar', length: 32 })
  protocol!: ProtocolId;

  /** Other protocols under the same base URL; null = what is known of the host. */
  @Column({ type: 'simple-json', nullable: true })
  alsoSpeaks!: WireProtocolId[] | null;

  @Column({ type: 'varchar', length: 500 })
  baseUrl!: string;

  /** Sealed by the secret box; never leaves `providers`. */
  @Column({ type: 'text', nullable: true })
  credentialSealed!: string | null;

  @Column({ type: 'varchar', length: 8, nullable: true })
  credentialHint!: string | null;

  @Column({ type: 'boolean' })
  allowPrivateNetwork!: boolean;

  @Column({ type: 'boolean' })
  isFree!: boolean;

  @Column({ type: 'varchar', length: 64, nullable: true })
  priceProvider!: string | null;

  @Column({ type: 'boolean' })
  isEnabled!: boolean;

  @BigintColumn()
  createdAt!: number;

  @BigintColumn()
  updatedAt!: number;
}
